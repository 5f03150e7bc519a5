package dev.regatta.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RedactingOutputStreamTest {
  private static final String TOKEN = "sk-ant-oat01-sk-ant-ünd";

  @Test
  void aSecretCutAtAnyTwoPlacesIsTakenOut() throws IOException {
    Redactor redactor = redactor(TOKEN);
    byte[] bytes = ("sk-ant " + TOKEN + " ä " + TOKEN + "sk-").getBytes(StandardCharsets.UTF_8);
    String expected = redactor.redact(new String(bytes, StandardCharsets.UTF_8));
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        assertThat(written(redactor, bytes, first, second))
            .as("cut at %s and %s", first, second)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void everyEncodingOfItCutAnywhereIsTakenOut() throws IOException {
    String value = "a/b\"c\\d€e\tf";
    Redactor redactor = redactor(value);
    for (String form : Encodings.of(value)) {
      byte[] bytes = ("<" + form + ">").getBytes(StandardCharsets.UTF_8);
      for (int cut = 0; cut <= bytes.length; cut++) {
        assertThat(written(redactor, bytes, cut, cut))
            .as(form + " cut at " + cut)
            .isEqualTo("<[secret " + Secret.fingerprintOf(value) + "]>");
      }
    }
  }

  @Test
  void piecesOfAnySizeGiveWhatTheWholeGivesAlsoWhereSecretsOverlap() throws IOException {
    Random random = new Random(99);
    for (int round = 0; round < 3_000; round++) {
      // Few letters and short values: prefixes, overlaps and repetitions are the rule.
      List<String> values = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        values.add(letters(random, 3 + random.nextInt(6)));
      }
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i >= 0; i--) {
        text.append(random.nextBoolean() ? letters(random, random.nextInt(6)) : values.getFirst());
        text.append(random.nextInt(4) == 0 ? "." : "").append(values.getLast());
      }
      Redactor redactor = redactor(values.toArray(String[]::new));
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream stream = new RedactingOutputStream(out, redactor)) {
        for (int at = 0; at < bytes.length; ) {
          int count = Math.min(bytes.length - at, 1 + random.nextInt(5));
          stream.write(bytes, at, count);
          at += count;
        }
      }
      assertThat(out.toString(StandardCharsets.UTF_8))
          .as("seed 99, round %s: %s in %s", round, values, text)
          .isEqualTo(redactor.redact(text.toString()));
      for (String value : values) {
        assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\[secret \\w+]", "|"))
            .as("seed 99, round %s", round)
            .doesNotContain(value);
      }
    }
  }

  @Test
  void bytesThatAreNoTextPassUnchanged() throws IOException {
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream stream = new RedactingOutputStream(out, redactor(TOKEN))) {
      stream.write(bytes);
    }
    assertThat(out.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void aFlushDoesNotLetTheBeginningOfASecretOut() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream stream = new RedactingOutputStream(out, redactor(TOKEN));
    stream.write("key: sk-ant-oat".getBytes(StandardCharsets.UTF_8));
    stream.flush();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("key: ");
    stream.close();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("key: sk-ant-oat");
    stream.close();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("key: sk-ant-oat");
  }

  @Test
  void whatIsHeldBackIsCleanedToo() throws IOException {
    // The shorter one is whole at the end, and held back because the longer one may follow.
    Redactor redactor = redactor("abcdefgh", "abcdefghijkl");
    assertThat(written(redactor, "abcdefghij".getBytes(StandardCharsets.UTF_8), 9, 9))
        .isEqualTo("[secret " + Secret.fingerprintOf("abcdefgh") + "]ij");
  }

  @Test
  void aLongLineOfBase64DoesNotPileUp() throws IOException {
    AtomicInteger written = new AtomicInteger();
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int single) {
            written.incrementAndGet();
          }
        };
    byte[] chunk = Base64.getEncoder().encode("aaaaaaaaaaaa".repeat(500).getBytes("UTF-8"));
    try (OutputStream stream =
        new RedactingOutputStream(counting, redactor("aaaaaaaaaaaaaaaaaaa~"))) {
      for (int i = 1; i <= 100; i++) {
        stream.write(chunk);
        assertThat(i * chunk.length - written.get()).as("bytes held back").isLessThan(100);
      }
    }
  }

  @Test
  void withoutSecretsEverythingGoesStraightThrough() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream stream = new RedactingOutputStream(out, redactor());
    stream.write('s');
    assertThat(out.size()).isEqualTo(1);
  }

  @Test
  void aDiskThatIsFullAtTheEndIsSaidAndTheFileIsLetGo() {
    AtomicInteger closed = new AtomicInteger();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int single) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    assertThatThrownBy(
            () -> {
              try (OutputStream stream = new RedactingOutputStream(full, redactor(TOKEN))) {
                stream.write("sk-ant".getBytes(StandardCharsets.UTF_8));
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(closed).hasValue(1);
  }

  private static String letters(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) ('p' + random.nextInt(2)));
    }
    return text.toString();
  }

  private static Redactor redactor(String... values) {
    return new Redactor(Arrays.stream(values).map(Secret::new).toList());
  }

  private static String written(Redactor redactor, byte[] bytes, int first, int second)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream stream = new RedactingOutputStream(out, redactor)) {
      stream.write(bytes, 0, first);
      stream.write(bytes, first, second - first);
      stream.write(bytes, second, bytes.length - second);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
