package dev.regatta.cli;

/** The entry point of the command line. */
public final class Main {
  private Main() {}

  /**
   * Runs one command.
   *
   * @param arguments the words of the command line after the program's name
   */
  public static void main(String[] arguments) {
    System.out.println("regatta " + Main.class.getPackage().getImplementationVersion());
  }
}
