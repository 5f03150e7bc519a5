import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
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
import java.util.spi.ToolProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * What the gateway adds to a streamed answer of 500 events, beside a direct connection and nginx's
 * {@code proxy_pass}, which take turns in one run: time to the first byte, and how late each event
 * comes after the time that the server wrote into it. One stream at a time, then 200 at once; then
 * the gateway's memory for each open stream.
 *
 * <pre>java bench/GatewayOverhead.java [ROUNDS=5] [LONE_STREAMS=20]</pre>
 *
 * It needs {@code target/regatta.jar} ({@code ./regatta --version} makes it) and nginx, and leaves
 * nothing behind. Server and client are this process; gateway and nginx are processes of their own.
 */
final class GatewayOverhead {
  private static final int EVENTS = 500;
  private static final int TOGETHER = 200;

  /** As long as what the {@code claude} CLI sends. */
  private static final int BODY_BYTES = 75_000;

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nrequest-id: req_bench\r\nContent-Type: text/event-stream\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n";

  /** Time between two events, by how many streams are open: 200 are as fast as models are. */
  private record Pace(String name, int streams, int atOnce, long gapNanos) {}

  private record Peer(String name, int port, String key) {}

  /** Of one stream: nanoseconds to its first byte, and by how much each event came late. */
  private record Stream(long firstByte, long[] late) {}

  /** Of some streams, microseconds. */
  private record Figures(double firstByte, double firstByte99, double late) {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    int lone = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
    String nginx = nginx();
    Path jar = Path.of("target/regatta.jar").toAbsolutePath();
    if (nginx == null || !Files.exists(jar)) {
      System.err.println(
          nginx == null
              ? "nginx is missing: install it (Debian: apt-get install nginx), then start again"
              : jar + " is missing: ./regatta --version makes it");
      System.exit(3);
    }
    Path scratch = Files.createTempDirectory("regatta-bench");
    List<Process> started = new ArrayList<>();
    try (ServerSocket listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(listener));
      int upstream = listener.getLocalPort();
      Gateway gateway = new Gateway(jar, upstream, scratch);
      started.add(gateway.process);
      int nginxPort = freePort();
      started.add(nginx(nginx, nginxPort, upstream, scratch));
      List<Peer> peers =
          List.of(
              new Peer("direct", upstream, "none"),
              new Peer("nginx", nginxPort, "none"),
              new Peer("gateway", gateway.port, gateway.key));
      measure(peers, rounds, lone);
      memory(gateway, peers.getLast());
    } finally {
      for (Process each : started) {
        each.destroy();
        each.waitFor();
      }
      delete(scratch);
    }
  }

  private static void measure(List<Peer> peers, int rounds, int lone) throws Exception {
    Pace warm = new Pace("", 300, 10, 0); // what a JVM runs often, it compiles
    for (Peer peer : peers) {
      streams(peer, warm);
    }
    List<Pace> paces =
        List.of(
            new Pace("one at a time", lone, 1, 1_000_000),
            new Pace(TOGETHER + " at once", TOGETHER, TOGETHER, 20_000_000));
    Map<String, List<Figures>> all = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Pace pace : paces) {
        for (int i = 0; i < peers.size(); i++) {
          Peer peer = peers.get((i + round) % peers.size()); // nobody is always first
          all.computeIfAbsent(pace.name + "/" + peer.name, name -> new ArrayList<>())
              .add(figures(streams(peer, pace)));
        }
      }
    }
    print(paces, peers, rounds, all);
  }

  private static void print(
      List<Pace> paces, List<Peer> peers, int rounds, Map<String, List<Figures>> all) {
    System.out.printf(
        Locale.ROOT,
        "%d events, request of %d bytes, on %d cores; microseconds, median (least to most) of the"
            + " medians of %d rounds%n%n",
        EVENTS,
        BODY_BYTES,
        Runtime.getRuntime().availableProcessors(),
        rounds);
    System.out.println(
        "| streams | way | to first byte | its 99th percentile | event late by"
            + " | first byte, more than direct | event, more than direct |");
    System.out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (Pace pace : paces) {
      List<Figures> direct = all.get(pace.name + "/direct");
      for (Peer peer : peers) {
        List<Figures> own = all.get(pace.name + "/" + peer.name);
        List<Double> first = new ArrayList<>();
        List<Double> late = new ArrayList<>();
        for (int round = 0; round < own.size(); round++) {
          first.add(own.get(round).firstByte - direct.get(round).firstByte);
          late.add(own.get(round).late - direct.get(round).late);
        }
        boolean base = peer.name.equals("direct");
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %s | %s | %s | %s | %s |%n",
            pace.name,
            peer.name,
            told(own.stream().map(Figures::firstByte).toList()),
            told(own.stream().map(Figures::firstByte99).toList()),
            told(own.stream().map(Figures::late).toList()),
            base ? "" : told(first),
            base ? "" : told(late));
      }
    }
  }

  private static String told(List<Double> values) {
    return String.format(
        Locale.ROOT,
        "%.0f (%.0f to %.0f)",
        median(values),
        Collections.min(values),
        Collections.max(values));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static Figures figures(List<Stream> streams) {
    long[] first = streams.stream().mapToLong(Stream::firstByte).sorted().toArray();
    long[] late = streams.stream().flatMapToLong(each -> Arrays.stream(each.late)).sorted().toArray();
    return new Figures(
        first[first.length / 2] / 1e3,
        first[(int) Math.ceil(first.length * 0.99) - 1] / 1e3,
        late[late.length / 2] / 1e3);
  }

  private static void memory(Gateway gateway, Peer peer) throws Exception {
    long[] before = gateway.memory();
    CountDownLatch open = new CountDownLatch(TOGETHER);
    CountDownLatch enough = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < TOGETHER; i++) {
        threads.submit(
            () -> {
              try (Socket socket = greeted(peer)) {
                ask(socket, peer, 100_000_000);
                socket.getInputStream().readNBytes(2_000); // some events are through
                open.countDown();
                Thread.ofVirtual().start(() -> drain(socket));
                enough.await();
                return null;
              }
            });
      }
      open.await();
      long[] during = gateway.memory();
      System.out.printf(
          Locale.ROOT,
          "%nthe gateway's memory for each of %d open streams: %.1f KiB of heap, %.1f KiB outside it"
              + "%n",
          TOGETHER,
          (during[0] - before[0]) / 1024.0 / TOGETHER,
          (during[1] - before[1]) / 1024.0 / TOGETHER);
      enough.countDown();
    }
  }

  private static void drain(Socket socket) {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // closed: the measurement is over
    }
  }

  /** Carries them out; those of one pace begin 10 ms apart where they are to be open together. */
  private static List<Stream> streams(Peer peer, Pace pace) throws Exception {
    List<Future<Stream>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < pace.streams; i++) {
        asked.add(threads.submit(() -> stream(peer, pace.gapNanos)));
        if (asked.size() >= pace.atOnce) {
          asked.get(asked.size() - pace.atOnce).get();
        } else {
          Thread.sleep(10);
        }
      }
      List<Stream> streams = new ArrayList<>();
      for (Future<Stream> each : asked) {
        streams.add(each.get());
      }
      return streams;
    }
  }

  private static Stream stream(Peer peer, long gapNanos) throws IOException {
    try (Socket socket = greeted(peer)) {
      long start = System.nanoTime();
      ask(socket, peer, gapNanos);
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[8192];
      Stamps stamps = new Stamps();
      long firstByte = 0;
      while (!stamps.over) {
        int got = in.read(piece);
        long now = System.nanoTime();
        if (got < 0) {
          throw new IOException(peer.name + " ended after " + stamps.events + " events");
        }
        firstByte = firstByte == 0 ? now - start : firstByte;
        for (int i = 0; i < got; i++) {
          stamps.accept(piece[i], now);
        }
      }
      return new Stream(firstByte, stamps.late);
    }
  }

  /** Takes a response apart: head, chunks, and in these what stands between {@code @} and {@code ;}. */
  private static final class Stamps {
    private final long[] late = new long[EVENTS];
    private final StringBuilder line = new StringBuilder();
    private int events;
    private boolean inHead = true;
    private boolean over;
    private int left;
    private long stamp = -1; // below 0: outside one

    void accept(byte value, long now) {
      if (left > 0) {
        left--;
        content(value, now);
      } else if (value != '\n') {
        line.append((char) value);
      } else {
        lineEnds(line.toString().strip());
        line.setLength(0);
      }
    }

    private void lineEnds(String text) {
      if (inHead) {
        inHead = !text.isEmpty();
      } else if (!text.isEmpty()) {
        left = Integer.parseInt(text, 16);
        over = left == 0;
      }
    }

    private void content(byte value, long now) {
      if (value == '@') {
        stamp = 0;
      } else if (stamp >= 0 && value == ';') {
        late[events++] = now - stamp;
        stamp = -1;
      } else if (stamp >= 0) {
        stamp = stamp * 10 + (value - '0');
      }
    }
  }

  /** A connection on which the first request was the {@code claude} CLI's, {@code HEAD /}. */
  private static Socket greeted(Peer peer) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), peer.port);
    socket.setTcpNoDelay(true);
    socket
        .getOutputStream()
        .write("HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    head(socket.getInputStream());
    return socket;
  }

  private static void ask(Socket socket, Peer peer, long gapNanos) throws IOException {
    String body = "{\"model\":\"bench\",\"stream\":true,\"gap\":" + gapNanos + ",\"messages\":\"";
    String rest = "x".repeat(BODY_BYTES - body.length() - 2) + "\"}";
    String request =
        "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: "
            + peer.key
            + "\r\nContent-Type: application/json\r\nx-gap: "
            + gapNanos
            + "\r\nContent-Length: "
            + BODY_BYTES
            + "\r\n\r\n"
            + body
            + rest;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  // The server: every event holds the time at which it was sent.

  private static void serve(ServerSocket listener) {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed: it is over
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 17);
      OutputStream out = socket.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        if (head.startsWith("head")) {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          continue;
        }
        in.skipNBytes(number(head, "content-length: "));
        out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
        events(out, number(head, "x-gap: "));
      }
    } catch (IOException e) {
      // the other side went away, as it does when it has what it wants
    }
  }

  private static void events(OutputStream out, long gapNanos) throws IOException {
    long due = System.nanoTime();
    for (int i = 0; i < EVENTS; i++) {
      due += gapNanos;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String event =
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
              + "\"delta\":{\"type\":\"text_delta\",\"text\":\"@"
              + System.nanoTime()
              + ";\"}}\n\n";
      out.write(
          (Integer.toHexString(event.length()) + "\r\n" + event + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (next == '\n' && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        return head.toString().toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static long number(String head, String name) {
    int from = head.indexOf(name) + name.length();
    return Long.parseLong(head.substring(from, head.indexOf('\r', from)));
  }

  // The other two.

  private static final class Gateway {
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    private final int port;
    private final String key;

    Gateway(Path jar, int upstream, Path scratch) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC", // as ./regatta starts it
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:AOTCache=" + jar.resolveSibling("launcher/work.aot"),
                  "-cp",
                  jar + File.pathSeparator + packed(jar, scratch),
                  "GatewayProcess",
                  "http://127.0.0.1:" + upstream,
                  scratch.resolve("journal.jsonl").toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      answers = process.inputReader();
      orders = process.outputWriter();
      String[] said = line().split(" ");
      port = URI.create(said[0]).getPort();
      key = said[1];
    }

    /** The cache is for programs from jars only. */
    private static Path packed(Path jar, Path scratch) {
      Path classes = scratch.resolve("classes");
      Path packed = scratch.resolve("bench.jar");
      tool("javac", "-cp", jar, "-d", classes, "bench/GatewayProcess.java");
      tool("jar", "cf", packed, "-C", classes, ".");
      return packed;
    }

    private static void tool(String name, Object... words) {
      String[] arguments = Arrays.stream(words).map(String::valueOf).toArray(String[]::new);
      if (ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments) != 0) {
        throw new IllegalStateException(name + " failed");
      }
    }

    private String line() throws IOException {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("the gateway's process ended");
      }
      return line;
    }

    long[] memory() throws IOException {
      orders.write("memory\n");
      orders.flush();
      return Arrays.stream(line().split(" ")).mapToLong(Long::parseLong).toArray();
    }
  }

  private static String nginx() {
    for (String folder : (System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin").split(":")) {
      if (Files.isExecutable(Path.of(folder, "nginx"))) {
        return Path.of(folder, "nginx").toString();
      }
    }
    return null;
  }

  private static Process nginx(String program, int port, int upstream, Path scratch)
      throws Exception {
    StringBuilder paths = new StringBuilder();
    for (String each : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      paths.append(each + "_temp_path " + scratch.resolve(each) + ";\n");
    }
    Path settings =
        Files.writeString(
            scratch.resolve("nginx.conf"),
            """
            daemon off;
            worker_processes auto;
            pid %1$s/nginx.pid;
            error_log %1$s/nginx.log;
            events { worker_connections 2048; }
            http {
              access_log off;
              %2$s
              client_body_buffer_size 128k;
              upstream api { server 127.0.0.1:%4$d; keepalive 256; }
              server {
                listen 127.0.0.1:%3$d;
                location / {
                  proxy_pass http://api;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                }
              }
            }
            """
                .formatted(scratch, paths, port, upstream));
    Process process =
        new ProcessBuilder(program, "-e", scratch + "/nginx.log", "-c", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("nginx.out").toFile())
            .start();
    for (int tries = 0; tries < 500; tries++) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return process;
      } catch (IOException e) {
        Thread.sleep(10); // not yet
      }
    }
    process.destroy();
    throw new IOException("nginx does not start: " + Files.readString(scratch.resolve("nginx.out")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
