//! Korean messages, sorted by key.

pub(super) static MESSAGES: &[(&str, &str)] = &[
    ("warning.clocks-disagree", "이 줄에 적힌 두 시각이 {micros}µs만큼 어긋납니다."),
    ("warning.columns-may-be-misread", "값이 서로 맞지 않는 행이 많습니다. 컬럼을 잘못 읽었을 수 있습니다."),
    ("warning.cut-off", "{format} 블록이 중간에 끊겼습니다. 일부가 붙여 넣어지지 않았습니다."),
    ("warning.duplicate", "같은 이벤트가 다른 곳에도 있어 한 번만 셌습니다."),
    ("warning.layout-inferred", "헤더가 없어 컬럼 수로 형식을 추정했습니다({layout})."),
    ("warning.limit-reached", "한도에 도달해({what}) 그 뒤는 읽지 않았습니다."),
    ("warning.long-line", "한 줄이 {bytes}바이트라서 앞부분만 읽었습니다."),
    ("warning.long-row", "행을 건너뛰었습니다. 컬럼은 {expected}개인데 값이 {found}개입니다."),
    ("warning.not-a-number", "숫자가 아닌 값을 제외했습니다: {column}."),
    ("warning.not-utf8", "UTF-8이 아닌 바이트가 있어 \u{fffd}로 표시했습니다."),
    ("warning.page-size-assumed", "페이지 크기가 적혀 있지 않아 {page_size}바이트로 가정했습니다."),
    ("warning.short-row", "행을 건너뛰었습니다. 컬럼은 {expected}개인데 값이 {found}개뿐입니다(잘린 행?)."),
    ("warning.sum-differs", "{of}의 항목 합계와 출력된 총계가 {missing}바이트 차이 납니다."),
    ("warning.too-many", "경고 {dropped}건은 목록에서 생략했습니다."),
    ("warning.torn-sample", "샘플 값이 서로 맞지 않습니다({column}). 카운터가 갱신되는 도중에 읽힌 값입니다."),
    ("warning.unreadable", "{format} 형식으로 보이지만 읽을 수 있는 값이 없습니다."),
    ("warning.wrap-repaired", "줄바꿈으로 나뉜 행을 다시 합쳤습니다."),
    ("warning.year-unknown", "연도가 적혀 있지 않습니다."),
];
