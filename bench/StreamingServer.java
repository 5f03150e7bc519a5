import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How fast and how late the output of processes comes over WebSocket: {@code regatta serve} beside
 * {@code websocketd}, which take turns in one run, with one client of our own for both.
 *
 * <pre>java bench/StreamingServer.java [ROUNDS=5] [MIB=1024] [SECONDS=8] [PROCESSES=200]</pre>
 *
 * First one process that prints lines of 1,000 bytes as fast as they are taken; then many that
 * print one each 10 ms, which holds the time at which it was written. It needs websocketd and a C
 * compiler, and leaves nothing behind. A server that sends the same from memory shows what the
 * client can take.
 */
final class StreamingServer {
  private static final int LINE_BYTES = 1_000;

  /** What a server runs often, its JVM compiles; both get the same before they are measured. */
  private static final int WARM_MIB = 128;

  private static final double WARM_SECONDS = 20;

  /** What the start of one process may take; they begin to print when all of them are there. */
  private static final long START_NANOS = 40_000_000;

  private static final String WRITER =
      """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <time.h>
      #include <unistd.h>

      static long long now(void) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000000000LL + t.tv_nsec;
      }

      static void all(const char *bytes, size_t count) {
        while (count > 0) {
          ssize_t done = write(1, bytes, count);
          if (done <= 0) exit(1);
          bytes += done;
          count -= done;
        }
      }

      int main(int count, char **words) {
        char how[64] = "";
        const char *query = getenv("QUERY_STRING"); /* as websocketd gives it */
        snprintf(how, sizeof how, "%s", count > 1 ? words[1] : query ? query : "");
        char *value = strchr(how, '=');
        if (!value) return 2;
        *value++ = 0;
        static char lines[64][1000];
        memset(lines, 'x', sizeof lines);
        for (int i = 0; i < 64; i++) lines[i][999] = '\\n';
        if (!strcmp(how, "bulk")) {
          long long left = atoll(value);
          for (; left >= 64; left -= 64) all(lines[0], sizeof lines);
          all(lines[0], left * 1000);
        } else if (!strcmp(how, "paced")) {
          struct timespec next;
          long long start = atoll(strchr(value, ',') + 1); /* when all the others are there too */
          next.tv_sec = start / 1000000000;
          next.tv_nsec = start % 1000000000;
          next.tv_nsec += (getpid() * 7919L) % 10000 * 1000; /* not all in the same moment */
          for (long i = atol(value); i > 0; i--) {
            if (next.tv_nsec >= 1000000000) { next.tv_nsec -= 1000000000; next.tv_sec++; }
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, 0);
            char stamp[32];
            memcpy(lines[0], stamp, snprintf(stamp, sizeof stamp, "%020lld ", now()));
            all(lines[0], 1000);
            next.tv_nsec += 10000000;
          }
        } else {
          printf("%lld\\n", now());
        }
        return 0;
      }
      """;

  /** A server: how it is started, and how a client asks it for a process. */
  private record Peer(String name, boolean speaksJson) {}

  /** Of one round: MiB/s or the percentiles in ms, then the server's processor and memory. */
  private record Round(double rate, double p50, double p99, double most, double cpu, double mib) {}

  private final Path scratch;
  private final Path writer;
  private final String regatta = Path.of("regatta").toAbsolutePath().toString();

  private StreamingServer(Path scratch) throws Exception {
    this.scratch = scratch;
    this.writer = scratch.resolve("writer");
    Path source = Files.writeString(scratch.resolve("writer.c"), WRITER);
    run("cc", "-O2", "-o", writer.toString(), source.toString());
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].equals("null")) {
      serveFromMemory(Integer.parseInt(arguments[1]));
      return;
    }
    int rounds = number(arguments, 0, 5);
    Path scratch = Files.createTempDirectory("regatta-bench");
    try {
      new StreamingServer(scratch)
          .measure(
              rounds,
              number(arguments, 1, 1024),
              number(arguments, 2, 8),
              number(arguments, 3, 200));
    } finally {
      delete(scratch);
    }
  }

  private static int number(String[] arguments, int place, int usual) {
    return arguments.length > place ? Integer.parseInt(arguments[place]) : usual;
  }

  private void measure(int rounds, int mib, int seconds, int processes) throws Exception {
    clocksAgree();
    List<Peer> peers = List.of(new Peer("websocketd", false), new Peer("regatta serve", true));
    Map<String, List<Round>> bulk = new LinkedHashMap<>();
    Map<String, List<Round>> paced = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < peers.size(); i++) {
        Peer peer = peers.get((i + round) % peers.size()); // nobody is always first
        Round one = bulk(peer, mib);
        bulk.computeIfAbsent(peer.name, name -> new ArrayList<>()).add(one);
        System.err.printf(Locale.ROOT, "%s %s load %s%n", peer.name, one, load());
      }
      for (int i = 0; i < peers.size(); i++) {
        Peer peer = peers.get((i + round) % peers.size());
        Round one = paced(peer, seconds, processes);
        paced.computeIfAbsent(peer.name, name -> new ArrayList<>()).add(one);
        System.err.printf(Locale.ROOT, "%s %s load %s%n", peer.name, one, load());
      }
    }
    print(mib, seconds, processes, rounds, bulk, paced);
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  /** The time in a line is the client's time too: both read the same clock of the system. */
  private void clocksAgree() throws Exception {
    long before = System.nanoTime();
    Process process = new ProcessBuilder(writer.toString(), "clock=").start();
    long there =
        Long.parseLong(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    long after = System.nanoTime();
    if (there < before || there > after) {
      throw new IllegalStateException(
          "the writer's clock is not this JVM's: no delay can be measured");
    }
  }

  private Process start(Peer peer, int port) throws Exception {
    List<String> command =
        peer.speaksJson
            ? List.of(regatta, "serve", "--port", "" + port, "--open", "--for", "600")
            : List.of(
                "websocketd",
                "--address=127.0.0.1",
                "--port=" + port,
                "--loglevel=error",
                writer.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("server.log").toFile());
    builder.environment().put("MAX_SESSIONS", "1000");
    Process process = builder.start();
    awaitPort(port);
    return process;
  }

  private static void awaitPort(int port) throws Exception {
    for (int i = 0; i < 600; i++) {
      try (Socket ignored = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IOException("no server listens on port " + port);
  }

  private Round bulk(Peer peer, int mib) throws Exception {
    int port = freePort();
    Process process = start(peer, port);
    try {
      pull(peer, port, WARM_MIB);
      double cpu = cpuSeconds(process);
      double took = pull(peer, port, mib);
      return new Round(mib / took, 0, 0, 0, cpuSeconds(process) - cpu, highWater(process));
    } finally {
      stop(process);
    }
  }

  /** Seconds until so much of one process was received. */
  private double pull(Peer peer, int port, int mib) throws Exception {
    long lines = (long) mib * (1 << 20) / LINE_BYTES;
    long start = System.nanoTime();
    try (Client client = new Client(peer.speaksJson, port, writer, "bulk=" + lines)) {
      client.channel.configureBlocking(true);
      while (client.read()) {
        // all that there is
      }
      if (client.lines != lines) {
        throw new IOException(peer.name + " sent " + client.lines + " lines of " + lines);
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private Round paced(Peer peer, int seconds, int processes) throws Exception {
    int port = freePort();
    Process process = start(peer, port);
    try {
      late(peer, port, WARM_SECONDS, processes);
      double cpu = cpuSeconds(process);
      long[] late = late(peer, port, seconds, processes);
      Arrays.sort(late);
      return new Round(
          0,
          late[late.length / 2] / 1e6,
          late[(int) (late.length * 0.99)] / 1e6,
          late[late.length - 1] / 1e6,
          cpuSeconds(process) - cpu,
          highWater(process));
    } finally {
      stop(process);
    }
  }

  /** Nanoseconds from the write of each line to its receipt, of all processes. */
  private long[] late(Peer peer, int port, double seconds, int processes) throws Exception {
    int lines = (int) (seconds * 100);
    List<Client> clients = new ArrayList<>();
    long start = System.nanoTime() + processes * START_NANOS;
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < processes; i++) {
        Client client = new Client(peer.speaksJson, port, writer, "paced=" + lines + "," + start);
        client.late = new long[lines];
        client.channel.configureBlocking(false);
        client.channel.register(selector, SelectionKey.OP_READ, client);
        clients.add(client);
      }
      if (System.nanoTime() > start) {
        throw new IOException(peer.name + " had not started all when they were to begin");
      }
      int open = processes;
      while (open > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          if (!((Client) key.attachment()).read()) {
            key.cancel();
            open--;
          }
        }
        selector.selectedKeys().clear();
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
    return clients.stream()
        .flatMapToLong(client -> {
          if (client.lines != lines) {
            throw new IllegalStateException(peer.name + " sent " + client.lines + " of " + lines);
          }
          // The first second is when all begin.
          return Arrays.stream(client.late, Math.min(lines / 4, 100), lines);
        })
        .toArray();
  }

  /** One connection, which counts lines and how late each is. */
  private static final class Client implements AutoCloseable {
    private static final byte[] DATA = "\"data\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OUTPUT = "process.output".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMPLETED = "process.completed".getBytes(StandardCharsets.US_ASCII);

    final SocketChannel channel;
    private final boolean json;
    private final byte[] bytes = new byte[256 * 1024];
    private int filled;
    long[] late = {};
    int lines;

    Client(boolean json, int port, Path writer, String order) throws IOException {
      this.json = json;
      this.channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      String path = json ? "/ws" : "/?" + order;
      write(
          ("GET "
                  + path
                  + " HTTP/1.1\r\nHost: 127.0.0.1:"
                  + port
                  + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      readHead();
      if (json) {
        String request =
            "{\"method\":\"execute\",\"params\":{\"command\":\"exec '"
                + writer
                + "' "
                + order
                + "\"}}";
        byte[] text = request.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(8 + text.length);
        frame
            .put((byte) 0x81)
            .put((byte) (0x80 | 126))
            .putShort((short) text.length)
            .putInt(0)
            .put(text);
        write(frame.array());
      }
    }

    private void write(byte[] out) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(out);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    private void readHead() throws IOException {
      ByteBuffer one = ByteBuffer.allocate(1);
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        one.clear();
        if (channel.read(one) < 0) {
          throw new EOFException("no answer to the upgrade: " + head);
        }
        head.append((char) one.get(0));
      }
      if (!head.toString().startsWith("HTTP/1.1 101")) {
        throw new IOException("not upgraded: " + head);
      }
    }

    /** Reads what is there; false at the end. */
    boolean read() throws IOException {
      int got = channel.read(ByteBuffer.wrap(bytes, filled, bytes.length - filled));
      if (got < 0) {
        return false;
      }
      long now = System.nanoTime();
      filled += got;
      int at = 0;
      while (true) {
        int left = filled - at;
        if (left < 2) {
          break;
        }
        int length = bytes[at + 1] & 0x7f;
        int head = 2;
        if (length == 126) {
          if (left < 4) {
            break;
          }
          length = (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
          head = 4;
        } else if (length == 127) {
          throw new IOException("no line is that long");
        }
        if (left < head + length) {
          break;
        }
        int kind = bytes[at] & 0x0f;
        if (kind == 8 || (kind == 1 && !take(at + head, length, now))) {
          return false;
        }
        at += head + length;
      }
      System.arraycopy(bytes, at, bytes, 0, filled - at);
      filled -= at;
      return true;
    }

    /** A message; false if it is the last. */
    private boolean take(int from, int length, long now) throws IOException {
      int data = from;
      int end = from + length;
      if (json) {
        if (find(OUTPUT, from, 64) < 0) {
          return find(COMPLETED, from, 64) < 0;
        }
        data = find(DATA, from, 160) + DATA.length;
        end = data + LINE_BYTES - 1;
        if (bytes[end] != '\\' || bytes[end + 1] != 'n' || bytes[end + 2] != '"') {
          throw new IOException("not one whole line");
        }
      }
      if (end - data != LINE_BYTES - 1 || bytes[end - 1] != 'x') {
        throw new IOException("a line of " + (end - data) + " bytes");
      }
      if (late.length > 0) {
        long written = 0;
        for (int i = 0; i < 20; i++) {
          written = written * 10 + bytes[data + i] - '0';
        }
        late[lines] = now - written;
      }
      lines++;
      return true;
    }

    private int find(byte[] what, int from, int within) {
      for (int i = from; i < from + within; i++) {
        if (Arrays.equals(bytes, i, i + what.length, what, 0, what.length)) {
          return i;
        }
      }
      return -1;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private void print(
      int mib,
      int seconds,
      int processes,
      int rounds,
      Map<String, List<Round>> bulk,
      Map<String, List<Round>> paced)
      throws Exception {
    System.out.printf(
        Locale.ROOT,
        "lines of 1,000 bytes, %d cores, medians of %d rounds (worst), load %s%n%n",
        Runtime.getRuntime().availableProcessors(),
        rounds,
        load());
    System.out.printf("| %d MiB of one process | MiB/s | processor s | memory MiB |%n", mib);
    System.out.println("| --- | ---: | ---: | ---: |");
    bulk.forEach((name, all) ->
        System.out.printf(
            Locale.ROOT,
            "| %s | %.0f (%.0f) | %.1f | %.0f |%n",
            name,
            median(all.stream().map(Round::rate).toList()),
            Collections.min(all.stream().map(Round::rate).toList()),
            median(all.stream().map(Round::cpu).toList()),
            Collections.max(all.stream().map(Round::mib).toList())));
    System.out.printf(Locale.ROOT, "| the client alone | %.0f | | |%n%n", clientAlone(mib));
    System.out.printf(
        "| %d processes, a line each 10 ms, %d s | p50 ms | p99 ms | most ms | processor s | memory"
            + " MiB |%n",
        processes, seconds);
    System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
    paced.forEach((name, all) ->
        System.out.printf(
            Locale.ROOT,
            "| %s | %.2f | %.2f (%.2f) | %.0f | %.1f | %.0f |%n",
            name,
            median(all.stream().map(Round::p50).toList()),
            median(all.stream().map(Round::p99).toList()),
            Collections.max(all.stream().map(Round::p99).toList()),
            median(all.stream().map(Round::most).toList()),
            median(all.stream().map(Round::cpu).toList()),
            Collections.max(all.stream().map(Round::mib).toList())));
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      ratios.add(bulk.get("regatta serve").get(i).rate / bulk.get("websocketd").get(i).rate);
    }
    System.out.printf(
        Locale.ROOT,
        "%nregatta's rate over websocketd's: %.2f (%.2f to %.2f); its p99 is later by %.2f ms%n",
        median(ratios),
        Collections.min(ratios),
        Collections.max(ratios),
        median(paced.get("regatta serve").stream().map(Round::p99).toList())
            - median(paced.get("websocketd").stream().map(Round::p99).toList()));
  }

  /** MiB/s that the client takes from a server that sends from memory. */
  private double clientAlone(int mib) throws Exception {
    int port = freePort();
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                Path.of(System.getProperty("jdk.launcher.sourcefile", "bench/StreamingServer.java"))
                    .toString(),
                "null",
                "" + port)
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("null.log").toFile())
            .start();
    try {
      awaitPort(port);
      pull(new Peer("the null server", false), port, WARM_MIB);
      return mib / pull(new Peer("the null server", false), port, mib);
    } finally {
      stop(process);
    }
  }

  private static void serveFromMemory(int port) throws Exception {
    byte[] frames = new byte[64 * (4 + LINE_BYTES - 1)];
    for (int i = 0; i < 64; i++) {
      ByteBuffer frame = ByteBuffer.wrap(frames, i * (4 + LINE_BYTES - 1), 4 + LINE_BYTES - 1);
      frame.put((byte) 0x81).put((byte) 126).putShort((short) (LINE_BYTES - 1));
      Arrays.fill(frames, frame.position(), frame.position() + LINE_BYTES - 1, (byte) 'x');
    }
    try (ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      while (true) {
        try (Socket socket = listener.accept()) {
          InputStream in = socket.getInputStream();
          StringBuilder head = new StringBuilder();
          int next = in.read();
          while (next >= 0 && head.indexOf("\r\n\r\n") < 0) {
            head.append((char) next);
            next = head.indexOf("\r\n\r\n") < 0 ? in.read() : -1;
          }
          if (head.indexOf("bulk=") < 0) {
            continue; // somebody only looked whether it listens
          }
          long left =
              Long.parseLong(head.substring(head.indexOf("bulk=") + 5, head.indexOf(" HTTP")));
          OutputStream out = socket.getOutputStream();
          out.write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          for (; left >= 64; left -= 64) {
            out.write(frames);
          }
          out.write(frames, 0, (int) left * (4 + LINE_BYTES - 1));
        }
      }
    }
  }

  /** The most that was resident at a time, MiB (proc(5), VmHWM). */
  private static double highWater(Process process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("no VmHWM");
  }

  private static double cpuSeconds(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private static void run(String... command) throws Exception {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
