package dev.onbehalf.cli;

/** The exit codes of every command: a contract for scripts. */
public final class ExitCode {
  /** The command did what it says. */
  public static final int OK = 0;

  /** It was understood and tried, and did not succeed. */
  public static final int FAILED = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** The configuration, a key file or the data directory is wrong. */
  public static final int CONFIGURATION = 3;

  /** The server or a peer could not be reached. */
  public static final int UNREACHABLE = 4;

  /** What the command names does not exist. */
  public static final int NOT_FOUND = 5;

  private ExitCode() {}
}
