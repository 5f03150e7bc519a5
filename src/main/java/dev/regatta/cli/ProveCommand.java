package dev.regatta.cli;

import java.util.Optional;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** {@code regatta prove}. */
@CommandDefinition(
    name = "prove",
    description =
        "Run the same tasks one after another and all at once, a credential each, and report what"
            + " that shows.",
    sortOptions = false)
public final class ProveCommand extends CliCommand {
  @Mixin ProofOptions proof = new ProofOptions();
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
    regatta prove                                        three questions, three tokens
    regatta prove --rehearsal                            the same, at no cost
    regatta prove --token WORK --token PERSONAL --rounds 6   with an interval for the speedup
    regatta prove --prompt 'Say hello' --parallel 10 --out proof
    regatta prove --tree 3x3                             three agents that each start three
    regatta prove --agent command --tasks tasks.yaml     plain commands\
    """;
  }

  @Override
  int run(Context context) throws Exception {
    return new Proving(context, this, "prove", proof, agents, limits, Optional.of(tokens))
        .carryOut();
  }
}
