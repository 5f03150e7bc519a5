package dev.regatta.stress;

import dev.regatta.stress.ShellTemplate.Part;
import dev.regatta.stress.ShellTemplate.Quoting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads a line of the shell as far as is needed to know in what quotes each place stands. What it
 * does not understand for sure it refuses: a value in the wrong quotes would be run as a command.
 */
final class ShellScan {
  private enum Within {
    LINE,
    GROUP,
    SUBSTITUTION,
    DOUBLE,
    SINGLE,
    COMMENT
  }

  private final String text;
  private final Deque<Within> within = new ArrayDeque<>(List.of(Within.LINE));
  private final List<Part> parts = new ArrayList<>();
  private int literal;
  private int at;

  ShellScan(String template) {
    text = template;
  }

  /** The pieces of the line. */
  List<Part> parts() {
    while (at < text.length()) {
      Optional<String> place = place();
      if (place.isPresent()) {
        put(place.get());
      } else {
        switch (within.element()) {
          case SINGLE -> ends('\'');
          case COMMENT -> ends('\n');
          case DOUBLE -> inDoubleQuotes();
          case LINE, GROUP, SUBSTITUTION -> inCommand();
        }
      }
    }
    if (within.element() != Within.LINE && within.element() != Within.COMMENT) {
      throw new IllegalArgumentException(
          "is no whole line of the shell: " + name(within.element()) + " in it does not end");
    }
    parts.add(new Part.Literal(text.substring(literal)));
    return parts;
  }

  private Optional<String> place() {
    return ShellTemplate.NAMES.stream()
        .filter(name -> text.startsWith("${" + name + "}", at))
        .findFirst();
  }

  private void put(String name) {
    Quoting quoting =
        switch (within.element()) {
          case LINE, GROUP, SUBSTITUTION -> Quoting.NONE;
          case DOUBLE -> Quoting.DOUBLE;
          case SINGLE -> Quoting.SINGLE;
          case COMMENT -> throw refused("${" + name + "} in a comment");
        };
    parts.add(new Part.Literal(text.substring(literal, at)));
    parts.add(new Part.Place(name, quoting));
    at += name.length() + 3;
    literal = at;
  }

  private void ends(char end) {
    if (text.charAt(at++) == end) {
      within.pop();
    }
  }

  private void inDoubleQuotes() {
    if (text.charAt(at) == '"') {
      at++;
      within.pop();
    } else {
      anywhere();
    }
  }

  private void inCommand() {
    char character = text.charAt(at);
    switch (character) {
      case '"' -> enter(Within.DOUBLE, 1);
      case '\'' -> enter(Within.SINGLE, 1);
      case '(' -> enter(Within.GROUP, 1);
      case ')' -> {
        at++;
        if (within.element() != Within.LINE) { // there it is a pattern of case
          within.pop();
        }
      }
      case '#' -> {
        if (wordBegins()) {
          enter(Within.COMMENT, 1);
        } else {
          at++;
        }
      }
      case '<' -> {
        if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
          throw refused("a here-document (<<)");
        }
        at += text.startsWith("<<<", at) ? 3 : 1;
      }
      default -> {
        if (within.contains(Within.SUBSTITUTION) && wordBegins() && text.startsWith("case", at)) {
          throw refused("'case' within $(…)");
        }
        if (text.startsWith("$'", at)) {
          throw refused("$'…', which not every shell knows");
        }
        anywhere();
      }
    }
  }

  /** What is the same with and without double quotes around it. */
  private void anywhere() {
    if (text.charAt(at) == '\\') {
      at = Math.min(text.length(), at + 2);
    } else if (text.charAt(at) == '`') {
      throw refused("a backquote; write $(…) instead");
    } else if (text.startsWith("$((", at)) {
      throw refused("arithmetic, $((…))");
    } else if (text.startsWith("$(", at)) {
      enter(Within.SUBSTITUTION, 2);
    } else if (text.startsWith("${", at)) {
      parameter();
    } else {
      if (text.charAt(at++) == '$' && place().isPresent()) {
        throw refused("a $ right before a value"); // "$" and "(…)" would be a command
      }
    }
  }

  /** The shell's own: with quotes or more in it, it is more than is understood here. */
  private void parameter() {
    int end = text.indexOf('}', at);
    String inner = end < 0 ? "" : text.substring(at + 2, end);
    if (end < 0 || inner.chars().anyMatch(character -> "\"'`$\\{".indexOf(character) >= 0)) {
      throw refused("a ${…} with more than a name and plain words");
    }
    at = end + 1;
  }

  private boolean wordBegins() {
    return at == 0 || " \t\n;&|()".indexOf(text.charAt(at - 1)) >= 0;
  }

  private void enter(Within inner, int length) {
    within.push(inner);
    at += length;
  }

  private static String name(Within within) {
    return switch (within) {
      case DOUBLE -> "a double quote";
      case SINGLE -> "a single quote";
      case SUBSTITUTION -> "a $(";
      case GROUP -> "a bracket";
      case LINE, COMMENT -> "something";
    };
  }

  private static IllegalArgumentException refused(String what) {
    return new IllegalArgumentException(
        "has " + what + ": values can't be put into such a line safely; write it more plainly");
  }
}
