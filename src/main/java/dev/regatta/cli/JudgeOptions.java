package dev.regatta.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** The options about who judges answers. */
public class JudgeOptions {
  @Option(
      name = "rubric",
      argument = "FILE",
      description = "what makes an answer better, as a text or a file that holds it")
  @Nullable String rubric;

  @Option(
      name = "judge-url",
      argument = "URL",
      description = "an endpoint with OpenAI's chat completions, such as LiteLLM or Ollama")
  @Nullable String url;

  @Option(name = "judge-model", argument = "NAME", description = "the model that judges")
  @Nullable String model;

  @Option(
      name = "judge-key-variable",
      argument = "NAME",
      description = "the variable that holds the key for --judge-url")
  @Nullable String keyVariable;

  @Option(name = "judge-agent", argument = "AGENT", description = "an agent that judges instead")
  @Nullable String agent;

  @Option(
      name = "judge-timeout",
      argument = "S",
      description = "seconds one verdict may take (120)")
  @Nullable String timeout;

  /** Those variables but for the judge's key, which nobody is to know whom it judges. */
  Map<String, String> withoutKey(Map<String, String> variables) {
    Map<String, String> others = new HashMap<>(variables);
    if (keyVariable != null) {
      others.remove(keyVariable);
    }
    return others;
  }

  /** They themselves, as they were given. */
  List<String> words() {
    return Words.options(
        "--rubric",
        rubric,
        "--judge-url",
        url,
        "--judge-model",
        model,
        "--judge-key-variable",
        keyVariable,
        "--judge-agent",
        agent,
        "--judge-timeout",
        timeout);
  }
}
