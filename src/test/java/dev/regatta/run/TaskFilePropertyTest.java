package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What is written is read again, and no text does worse than be refused. */
class TaskFilePropertyTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> PIECES =
      List.of(
          "a", "Z", "9", " ", "\n", "\t", ":", " #", "- ", "'", "\"", "\\", "{}", "[", "&a", "*a",
          "!t", "%", "@", "`", "|", ">", "~", "null", "true", "yes", "0x1", "1e3", "é", "漢", "😀",
          "\u00a0", "\u202e", "---", "...", "<<");

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    for (long seed = 1; seed <= 300; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      List<Task> tasks = tasks(random);
      for (ObjectMapper mapper : List.of(JsonMapper.shared(), YAMLMapper.shared())) {
        Path file = folder.resolve(mapper instanceof YAMLMapper ? "tasks.yaml" : "tasks.json");
        Files.writeString(file, mapper.writeValueAsString(written(tasks)));
        assertThat(TaskFile.read(file))
            .as("seed %d, %s", seed, file.getFileName())
            .isEqualTo(tasks);
      }
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void noTextDoesWorseThanBeRefused() throws IOException {
    String sample =
        """
        schema: regatta.tasks/1
        defaults: {timeout: 1.5, expect: {contains: [x], files: [{path: a/b, equals: "y"}]}}
        tasks:
          - p
          - {name: a, command: [ls, "-l"], files: [src/], dependsOn: ["1"], retries: 3}
        """;
    Path file = folder.resolve("tasks.yaml");
    for (long seed = 1; seed <= 3000; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      byte[] text = mutated(random, sample);
      Files.write(file, text);
      try {
        assertThat(TaskFile.read(file)).isNotEmpty();
      } catch (TaskFileProblem e) {
        assertThat(e.getMessage()).startsWith(file.toString());
        assertThat(e.getMessage().replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
      } catch (RuntimeException e) {
        fail("seed " + seed + ": " + new String(text, StandardCharsets.UTF_8), e);
      }
    }
  }

  private static byte[] mutated(RandomGenerator random, String sample) {
    StringBuilder text = new StringBuilder(sample);
    for (int change = random.nextInt(1, 6); change > 0; change--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, piece(random));
        case 1 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(1, 10)));
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x100));
        default -> text.insert(at, text.substring(at, random.nextInt(at, text.length())));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static List<Task> tasks(RandomGenerator random) {
    List<Task> tasks = new ArrayList<>();
    int count = random.nextInt(1, 6);
    for (int index = 0; index < count; index++) {
      boolean asks = random.nextBoolean();
      tasks.add(
          new Task(
              random.nextBoolean() ? "t-" + index + "._" : String.valueOf(index + 1),
              asks ? Optional.of("p" + text(random)) : Optional.empty(),
              asks ? List.of() : list(random, 1, () -> "c" + text(random)),
              maybe(random, () -> "claude"),
              maybe(random, () -> "claude-x.1[1m]"),
              Optional.empty(),
              list(random, 0, () -> "Bash(git log:" + random.nextInt(99) + "*)"),
              maybe(random, () -> Duration.ofMillis(random.nextInt(1, 1_000_000))),
              maybe(random, () -> Duration.ofSeconds(random.nextInt(1, 2_592_001))),
              maybe(random, () -> Duration.ofMillis(random.nextInt(1, 1_000_000))),
              maybe(random, () -> random.nextInt(0, 101)),
              tasks.stream().filter(_ -> random.nextBoolean()).map(Task::name).toList(),
              list(random, 0, () -> "src/é " + random.nextInt(9) + (asks ? "/" : "")),
              maybe(random, () -> expect(random)),
              maybe(random, () -> text(random))));
    }
    return tasks;
  }

  private static Expect expect(RandomGenerator random) {
    return new Expect(
        list(random, 1, () -> "x" + text(random)),
        maybe(random, () -> "^a+\\s*(b|c)$"),
        list(
            random,
            0,
            () ->
                new CreatedFile(
                    "out/f" + random.nextInt(9),
                    list(random, 0, () -> "x" + text(random)),
                    maybe(random, () -> text(random)))));
  }

  private static <T> Optional<T> maybe(RandomGenerator random, Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private static <T> List<T> list(RandomGenerator random, int least, Supplier<T> item) {
    return Stream.generate(item).limit(random.nextInt(least, 4)).toList();
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, random.nextInt(8)).forEach(_ -> text.append(piece(random)));
    return text.toString();
  }

  private static String piece(RandomGenerator random) {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  private static ObjectNode written(List<Task> tasks) {
    ObjectNode root = NODES.objectNode();
    ArrayNode list = root.putArray("tasks");
    for (int index = 0; index < tasks.size(); index++) {
      Task task = tasks.get(index);
      ObjectNode node = list.addObject();
      if (!task.name().equals(String.valueOf(index + 1))) {
        node.put("name", task.name());
      }
      task.prompt().ifPresent(it -> node.put("prompt", it));
      put(node, "command", task.command());
      task.agent().ifPresent(it -> node.put("agent", it));
      task.model().ifPresent(it -> node.put("model", it));
      put(node, "tools", task.tools());
      task.timeout().ifPresent(it -> node.put("timeout", it.toMillis() / 1000.0));
      task.firstOutput().ifPresent(it -> node.put("firstOutput", it.toSeconds()));
      task.stall().ifPresent(it -> node.put("stall", it.toMillis() / 1000.0));
      task.retries().ifPresent(it -> node.put("retries", it));
      put(node, "dependsOn", task.dependsOn());
      put(node, "files", task.files());
      task.expect().ifPresent(it -> write(node.putObject("expect"), it));
      task.input().ifPresent(it -> node.put("input", it));
    }
    return root;
  }

  private static void write(ObjectNode node, Expect expect) {
    put(node, "contains", expect.contains());
    expect.matches().ifPresent(it -> node.put("matches", it));
    ArrayNode files = node.putArray("files");
    for (CreatedFile file : expect.files()) {
      ObjectNode created = files.addObject().put("path", file.path());
      put(created, "contains", file.contains());
      file.equals().ifPresent(it -> created.put("equals", it));
    }
  }

  private static void put(ObjectNode node, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = node.putArray(field);
      texts.forEach(list::add);
    }
  }
}
