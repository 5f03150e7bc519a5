package dev.regatta.cli;

import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Mixin;
import org.jspecify.annotations.Nullable;

/** {@code regatta ask}. */
@CommandDefinition(
    name = "ask",
    description = "Give the same prompt to many agents at once, and pick the best answer.",
    sortOptions = false)
public final class AskCommand extends CliCommand {
  @Argument(description = "PROMPT")
  @Nullable String prompt;

  @Mixin AskOptions options = new AskOptions();
  @Mixin ComparisonOptions comparison = new ComparisonOptions();
  @Mixin JudgeOptions judge = new JudgeOptions();
  @Mixin AgentOptions agents = new AgentOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin TokenOptions tokens = new TokenOptions();
  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta ask "What is 17 * 23?" -n 5 --extract number
    regatta ask "Name this project" -n 6 --temperatures 0.2..1.2 --pick all
    regatta ask "Make the tests pass" --tool Edit --check "mvn -q test" --pick passes-most-checks
    regatta ask "Explain it" --pick judge --judge-url http://127.0.0.1:11434 --judge-model M
    cat question.txt | regatta ask - --models A,B --answer-only\
    """;
  }

  @Override
  String described(String option, String usual) {
    return option.equals("agent") ? String.join(", ", AskPlan.AGENTS) : usual;
  }

  @Override
  int run(Context context) throws Exception {
    return new Asking(context, this).carryOut();
  }
}
