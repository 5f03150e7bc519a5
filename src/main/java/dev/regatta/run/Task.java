package dev.regatta.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One unit of work. What is empty is decided by the plan: the agent, the model, the folder, the
 * limits.
 *
 * @param name unique in its run; a letter or digit, then up to 99 letters, digits, '.', '_' and
 *     '-'; for one that an agent asked for see {@link #nameOfChild}
 * @param prompt what an agent is asked; exactly one of prompt and command is given
 * @param command a program and its arguments, run without a shell; empty if there is a prompt
 * @param agent the adapter that carries out the prompt
 * @param model the model the agent is told to use
 * @param folder where the attempt works
 * @param tools the tools the agent may use without asking; empty for the adapter's least
 * @param timeout the longest an attempt may take in all, above zero
 * @param firstOutput the longest an attempt may take to its first output, above zero
 * @param stall the longest silence between two pieces of output, above zero
 * @param retries how often the task is tried again after its own failure, from 0 on
 * @param dependsOn names of tasks that must have succeeded before this one starts
 * @param files paths relative to the folder that this task may change; a folder ends in '/'
 * @param expect what must hold afterwards
 * @param input text for standard input
 */
public record Task(
    String name,
    Optional<String> prompt,
    List<String> command,
    Optional<String> agent,
    Optional<String> model,
    Optional<Path> folder,
    List<String> tools,
    Optional<Duration> timeout,
    Optional<Duration> firstOutput,
    Optional<Duration> stall,
    Optional<Integer> retries,
    List<String> dependsOn,
    List<String> files,
    Optional<Expect> expect,
    Optional<String> input) {

  private static final String GIVEN = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final Pattern NAME = Pattern.compile(GIVEN);
  // What an agent asked for; the schema of tasks files lets nobody else take such a name.
  private static final Pattern CHILD =
      Pattern.compile(GIVEN + "(~[0-9]{1,9}(\\.[0-9]{1,9})?){1,11}");
  // These become arguments of an agent's command line: none may pass for an option.
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]{0,199}");
  private static final Pattern TOOL = Pattern.compile("[A-Za-z][^\\p{Cntrl}]{0,199}");

  /** Checks every component; an {@link IllegalArgumentException} says which rule is broken. */
  public Task {
    command = List.copyOf(command);
    tools = List.copyOf(tools);
    dependsOn = List.copyOf(dependsOn);
    files = List.copyOf(files);
    check(
        NAME.matcher(name).matches() || CHILD.matcher(name).matches(),
        "name must be a letter or digit, then up to 99 letters, digits, '.', '_' and '-'");
    checkWork(prompt, command);
    check(
        agent.isEmpty() || NAME.matcher(agent.get()).matches(), "agent must be an adapter's name");
    check(model.isEmpty() || MODEL.matcher(model.get()).matches(), "model must be a model's name");
    for (String tool : tools) {
      check(TOOL.matcher(tool).matches(), "tools must be names of tools, one line each");
    }
    checkLimit("timeout", timeout);
    checkLimit("firstOutput", firstOutput);
    checkLimit("stall", stall);
    check(retries.orElse(0) >= 0, "retries must be 0 or more");
    check(!dependsOn.contains(name), "dependsOn must not name the task itself");
    for (String file : files) {
      checkFile(file);
    }
  }

  /** A task with a prompt and nothing else said. */
  public static Task ofPrompt(String name, String prompt) {
    return of(name, Optional.of(prompt), List.of());
  }

  /** A task with a command and nothing else said. */
  public static Task ofCommand(String name, List<String> command) {
    return of(name, Optional.empty(), command);
  }

  /**
   * The name of a task that an attempt's agent asked for, for example {@code 2.1~3}.
   *
   * @param attempt the attempt's name
   * @param number which of those it asked for, from 1
   */
  static String nameOfChild(String attempt, int number) {
    return attempt + "~" + number;
  }

  private static Task of(String name, Optional<String> prompt, List<String> command) {
    return new Task(
        name,
        prompt,
        command,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same task, not depending on these any more. */
  public Task without(Set<String> done) {
    return dependsOn.stream().noneMatch(done::contains)
        ? this
        : new Task(
            name,
            prompt,
            command,
            agent,
            model,
            folder,
            tools,
            timeout,
            firstOutput,
            stall,
            retries,
            dependsOn.stream().filter(before -> !done.contains(before)).toList(),
            files,
            expect,
            input);
  }

  /** The same task with a model. */
  public Task withModel(String named) {
    return new Task(
        name,
        prompt,
        command,
        agent,
        Optional.of(named),
        folder,
        tools,
        timeout,
        firstOutput,
        stall,
        retries,
        dependsOn,
        files,
        expect,
        input);
  }

  /** The same task for an agent of that name. */
  public Task withAgent(String named) {
    return new Task(
        name,
        prompt,
        command,
        Optional.of(named),
        model,
        folder,
        tools,
        timeout,
        firstOutput,
        stall,
        retries,
        dependsOn,
        files,
        expect,
        input);
  }

  /** The same task in a folder. */
  public Task withFolder(Path place) {
    return new Task(
        name,
        prompt,
        command,
        agent,
        model,
        Optional.of(place),
        tools,
        timeout,
        firstOutput,
        stall,
        retries,
        dependsOn,
        files,
        expect,
        input);
  }

  /**
   * The first words of the prompt or command, in one line of at most 60 characters, with control
   * characters written out.
   */
  public String title() {
    return Visible.line(prompt.orElseGet(() -> String.join(" ", command)), 60);
  }

  /**
   * Whether these two must not run at the same time because both may change the same file: a path
   * of one is, or lies below, a path of the other.
   *
   * @param standard the folder of tasks that name none
   */
  public boolean sharesFilesWith(Task other, Path standard) {
    if (files.isEmpty() || other.files.isEmpty()) {
      return false;
    }
    List<Path> theirs = other.paths(standard);
    return paths(standard).stream()
        .anyMatch(
            mine -> theirs.stream().anyMatch(it -> mine.startsWith(it) || it.startsWith(mine)));
  }

  private List<Path> paths(Path standard) {
    Path root = folder.orElse(standard).toAbsolutePath();
    return files.stream().map(file -> root.resolve(file).normalize()).toList();
  }

  private static void checkWork(Optional<String> prompt, List<String> command) {
    check(prompt.isEmpty() || command.isEmpty(), "prompt and command exclude each other: keep one");
    check(prompt.isPresent() || !command.isEmpty(), "either prompt or command is needed");
    // The operating system ends an argument at NUL.
    check(prompt.isEmpty() || prompt.get().indexOf('\0') < 0, "prompt must not contain NUL");
    check(prompt.isEmpty() || !prompt.get().isBlank(), "prompt must not be blank");
    for (String word : command) {
      check(word.indexOf('\0') < 0, "command must not contain NUL");
    }
    check(command.isEmpty() || !command.getFirst().isBlank(), "command must name a program first");
  }

  private static void checkLimit(String field, Optional<Duration> limit) {
    check(limit.isEmpty() || limit.get().isPositive(), field + " must be above 0");
  }

  private static void checkFile(String file) {
    String shown = "files: '" + Visible.line(file, 200) + "' ";
    RelativePath.fault(file)
        .ifPresent(fault -> {
          throw new IllegalArgumentException(shown + fault);
        });
    check(
        file.indexOf('*') < 0 && file.indexOf('?') < 0,
        shown + "is a pattern; name files literally, or a folder ending in '/'");
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
