package dev.regatta.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aesh.command.CommandNotFoundException;
import org.aesh.command.impl.internal.OptionType;
import org.aesh.command.impl.internal.ProcessedCommand;
import org.aesh.command.impl.internal.ProcessedOption;
import org.aesh.command.invocation.CommandInvocation;
import org.aesh.command.registry.CommandRegistry;

/** The page that {@code --help} shows of one command: what it is for, its options, examples. */
final class HelpPage {
  private HelpPage() {}

  static String of(CommandRegistry<CommandInvocation> registry, String name, CliCommand command)
      throws CommandNotFoundException {
    ProcessedCommand<?, ?> model = registry.getCommand(name, "").getParser().getProcessedCommand();
    StringBuilder page = new StringBuilder();
    page.append(model.description())
        .append("\n\nUsage: regatta ")
        .append(name)
        .append(" [OPTION …]");
    String operand = operand(model);
    page.append(operand.isEmpty() ? "" : " " + operand).append("\n\nOptions:\n");
    // What the library generates has lost what each option takes.
    Map<String, String> arguments = new HashMap<>();
    new OwnOptions(command.getClass())
        .all()
        .forEach(option -> arguments.put(option.name(), option.value()));
    List<String> names = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (ProcessedOption option : model.getOptions()) {
      names.add(label(option, arguments));
      texts.add(command.described(option.name(), option.description()));
    }
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < names.size(); i++) {
      page.append("  ")
          .append(names.get(i))
          .append(" ".repeat(width - names.get(i).length() + 2))
          .append(texts.get(i))
          .append('\n');
    }
    return page.append("\nExamples:\n").append(command.examples().indent(2)).toString();
  }

  private static String operand(ProcessedCommand<?, ?> model) {
    ProcessedOption operand =
        model.getArguments() == null ? model.getArgument() : model.getArguments();
    return operand == null ? "" : operand.description();
  }

  private static String label(ProcessedOption option, Map<String, String> arguments) {
    String shortName =
        option.shortName() == null || option.shortName().isEmpty()
            ? "    "
            : "-" + option.shortName() + ", ";
    boolean valued = option.hasValue() && option.getOptionType() != OptionType.BOOLEAN;
    String value = valued ? " " + arguments.getOrDefault(option.name(), "") : "";
    String many = option.getOptionType() == OptionType.LIST ? " …" : "";
    return shortName + "--" + option.name() + value + many;
  }
}
