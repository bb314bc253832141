import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.Deflater;

/**
 * Gets a JVM into trouble slowly enough to be watched. Started by {@code scripts/capture-incident}.
 *
 * <p>Arguments: what to fill ({@code heap}, {@code direct}, {@code native}, {@code threads}, {@code classes} or
 * {@code none}), the MiB to fill, and the seconds that filling takes. Four daemon threads serve "requests" meanwhile,
 * so that there is garbage and GC has work.
 *
 * <ul>
 *   <li>{@code heap}: an ever-growing cache of byte arrays and strings, never cleared.
 *   <li>{@code direct}: direct buffers of 1 MiB that are never released.
 *   <li>{@code native}: compressors that are never ended; zlib takes their memory by itself, so NMT does not know it.
 *   <li>{@code threads}: threads that never end, each with a used stack of about 256 KiB.
 *   <li>{@code classes}: the same class in ever more class loaders, none of which can be unloaded.
 *   <li>{@code none}: a cache of the given MiB that is filled once and then refreshed, entry by entry. Sound.
 * </ul>
 *
 * <p>All but {@code none} fill up to three times the given MiB and then give up with exit code 4, so that a limit that
 * does not work cannot take the machine along.
 */
public class Incident {
    private static final int MIB = 1 << 20;
    private static final int STEP_MILLIS = 50;

    private static final Map<String, byte[]> CACHE = new HashMap<>();
    private static final List<Object> KEPT = new ArrayList<>();

    /** Keeps the garbage of the requests observable, so that the compiler cannot remove it. */
    static volatile Object lastResponse;

    public static void main(String[] args) throws Exception {
        String fill = args[0];
        long wanted = Long.parseLong(args[1]) * MIB;
        int seconds = Integer.parseInt(args[2]);

        for (int i = 1; i <= 4; i++) {
            Thread request = new Thread(Incident::serveRequests, "request-" + i);
            request.setDaemon(true);
            request.start();
        }

        long steps = seconds * 1000L / STEP_MILLIS;
        long perStep = Math.max(1, wanted / steps);
        if (fill.equals("none")) {
            stayHealthy(wanted, steps);
            return;
        }
        long owed = 0;
        for (long filled = 0; filled < 3 * wanted; filled += perStep) {
            owed += perStep;
            while (owed > 0) {
                owed -= take(fill);
            }
            Thread.sleep(STEP_MILLIS);
        }
        System.exit(4);
    }

    /** Takes one more piece of memory for good and returns about how many bytes that was. */
    private static long take(String fill) throws Exception {
        switch (fill) {
            case "heap":
                return cacheImage();
            case "direct":
                KEPT.add(ByteBuffer.allocateDirect(MIB));
                return MIB;
            case "native":
                Deflater compressor = new Deflater();
                compressor.setInput(new byte[64 * 1024]);
                compressor.deflate(new byte[64 * 1024]);
                KEPT.add(compressor);
                return 256 * 1024;
            case "threads":
                Thread waiting = new Thread(() -> dive(1500), "worker-" + KEPT.size());
                waiting.setDaemon(true);
                waiting.start();
                KEPT.add(waiting);
                return 256 * 1024;
            case "classes":
                KEPT.add(new Plugins().load());
                return 8 * 1024;
            default:
                throw new IllegalArgumentException("fill what? heap, direct, native, threads, classes or none, not " + fill);
        }
    }

    private static long cacheImage() {
        byte[] image = new byte[ThreadLocalRandom.current().nextInt(256, 16384)];
        CACHE.put("image-" + CACHE.size(), image);
        return image.length;
    }

    /** Uses the stack, then waits at its end for ever. */
    private static void dive(int depth) {
        if (depth > 0) {
            dive(depth - 1);
            return;
        }
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Plugins extends ClassLoader {
        private static byte[] code;

        Class<?> load() throws IOException {
            if (code == null) {
                try (InputStream in = Incident.class.getResourceAsStream("Incident$Plugin.class")) {
                    code = in.readAllBytes();
                }
            }
            return defineClass("Incident$Plugin", code, 0, code.length);
        }
    }

    /** What {@link Plugins} loads again and again. */
    public static class Plugin {
        public int width;
        public String name = "plugin";

        public String describe(int height) {
            return name + " of " + width + " by " + height;
        }
    }

    private static void stayHealthy(long live, long steps) throws InterruptedException {
        for (long done = 0; done < live; ) {
            done += cacheImage();
        }
        int entries = CACHE.size();
        for (long step = 0; step < steps; step++) {
            for (int i = 0; i < 60; i++) {
                String key = "image-" + ThreadLocalRandom.current().nextInt(entries);
                CACHE.put(key, new byte[CACHE.get(key).length]);
            }
            Thread.sleep(STEP_MILLIS);
        }
    }

    /** Every request makes about 200 kB of garbage; some of it lives for a few requests. */
    private static void serveRequests() {
        try {
            Object[] session = new Object[16];
            for (int request = 0; ; request++) {
                StringBuilder page = new StringBuilder();
                for (int line = 0; line < 1000; line++) {
                    page.append("line ").append(line).append(" of request ").append(request).append('\n');
                }
                session[request % session.length] = page.toString();
                lastResponse = session[0];
                Thread.sleep(20);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
