package dev.regatta.cli;

import java.util.Optional;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** {@code regatta demo}: a rehearsal that needs nothing and touches nothing. */
@CommandDefinition(
    name = "demo",
    description =
        "Do the main job in rehearsal: three tasks one after another, then at once, with invented"
            + " credentials, against the built-in model server on loopback.",
    sortOptions = false)
public final class DemoCommand extends CliCommand {
  @Mixin ProofOptions proof = new ProofOptions();
  @Mixin AgentOptions agents = new AgentOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta demo
    regatta demo --parallel 5 --out demo
    regatta demo --json | jq .verdict\
    """;
  }

  @Override
  int run(Context context) throws Exception {
    return new Proving(context, this, "demo", proof, agents, limits, Optional.empty()).carryOut();
  }
}
