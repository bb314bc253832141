//! Clocks: anchors between them and alignment with stated uncertainty; reduction of series to pixels.
