package dev.regatta.process;

/**
 * Starts children. {@link PosixLauncher} is the one for Linux; {@link PortableLauncher} starts them
 * anywhere Java runs, without a session of their own and so without containment.
 */
public interface Launcher extends AutoCloseable {

  /**
   * Starts a child.
   *
   * @throws SpawnFailed if the operating system refuses
   */
  Child start(ChildCommand command) throws SpawnFailed;

  /** Whether it can still start children and hear of them. */
  boolean works();

  /** Whether children get sessions of their own and everything they leave behind can be found. */
  boolean contains();

  /** Finds and stops what children leave behind. */
  Leftovers leftovers();

  /** Stops reading; children that still run keep running. */
  @Override
  void close();

  /** The best launcher this system has. */
  static Launcher open() {
    return PosixLauncher.available() ? PosixLauncher.open() : new PortableLauncher();
  }
}
