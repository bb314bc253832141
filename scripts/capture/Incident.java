import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gets a JVM into trouble slowly enough to be watched. Started by {@code scripts/capture-incident}.
 *
 * <p>Arguments: what to fill ({@code heap}, {@code direct} or {@code none}), the MiB to fill, and the seconds that
 * filling takes. Four daemon threads serve "requests" meanwhile, so that there is garbage and GC has work.
 *
 * <ul>
 *   <li>{@code heap}: an ever-growing cache of byte arrays and strings, never cleared.
 *   <li>{@code direct}: direct buffers of 1 MiB that are never released.
 *   <li>{@code none}: a cache of the given MiB that is filled once and then refreshed, entry by entry. Sound.
 * </ul>
 *
 * <p>{@code heap} and {@code direct} fill up to three times the given MiB and then give up with exit code 4, so that
 * a limit that does not work cannot take the machine along.
 */
public class Incident {
    private static final int MIB = 1 << 20;
    private static final int STEP_MILLIS = 50;

    private static final Map<String, byte[]> CACHE = new HashMap<>();
    private static final List<ByteBuffer> BUFFERS = new ArrayList<>();

    /** Keeps the garbage of the requests observable, so that the compiler cannot remove it. */
    static volatile Object lastResponse;

    public static void main(String[] args) throws InterruptedException {
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
        switch (fill) {
            case "heap":
                for (long filled = 0; filled < 3 * wanted; filled += perStep) {
                    cache(perStep);
                    Thread.sleep(STEP_MILLIS);
                }
                break;
            case "direct":
                for (long filled = 0, owed = 0; filled < 3 * wanted; filled += perStep) {
                    for (owed += perStep; owed >= MIB; owed -= MIB) {
                        BUFFERS.add(ByteBuffer.allocateDirect(MIB));
                    }
                    Thread.sleep(STEP_MILLIS);
                }
                break;
            case "none":
                stayHealthy(wanted, steps);
                return;
            default:
                throw new IllegalArgumentException("fill what? heap, direct or none, not " + fill);
        }
        System.exit(4);
    }

    private static void cache(long bytes) {
        for (long done = 0; done < bytes; ) {
            byte[] image = new byte[ThreadLocalRandom.current().nextInt(256, 16384)];
            CACHE.put("image-" + CACHE.size(), image);
            done += image.length;
        }
    }

    private static void stayHealthy(long live, long steps) throws InterruptedException {
        cache(live);
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
