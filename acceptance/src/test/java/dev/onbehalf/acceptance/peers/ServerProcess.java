package dev.onbehalf.acceptance.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program started by a test, whose output is kept and which ends no later than the test run. */
public final class ServerProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 15;

  private final String name;
  private final Process process;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Thread hook;
  private final List<Thread> readers;

  private ServerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
    this.readers =
        List.of(
            reader(name + " out", process.getInputStream(), out),
            reader(name + " err", process.getErrorStream(), err));
  }

  /**
   * Starts a program.
   *
   * @param environment added to the environment of the test
   * @throws UncheckedIOException when the program cannot be started
   */
  public static ServerProcess start(
      String name, List<String> command, Path directory, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    try {
      return new ServerProcess(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a line on either stream. */
  public MatchResult awaitLine(Pattern pattern) {
    return Await.until(
        name + " prints " + pattern,
        () -> {
          boolean ended = !process.isAlive();
          if (ended) {
            join();
          }
          for (CharSequence stream : List.of(output(), errors())) {
            Matcher matcher = pattern.matcher(stream);
            if (matcher.find()) {
              return matcher.toMatchResult();
            }
          }
          if (ended) {
            throw new AssertionError(name + " ended with " + process.exitValue() + report());
          }
          return null;
        });
  }

  /** Waits until the program ends by itself, at most a minute; answers its exit code. */
  public int awaitExit() {
    Await.until(name + " ends", () -> process.isAlive() ? null : true);
    join();
    return process.exitValue();
  }

  /** Whether the program still runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** What the program has written to its standard output so far. */
  public String output() {
    return out.toString();
  }

  /** What the program has written to its standard error so far. */
  public String errors() {
    return err.toString();
  }

  /** Both streams, for the message of a failed assertion. */
  public String report() {
    return "\n--- " + name + " out\n" + output() + "\n--- " + name + " err\n" + errors();
  }

  /** Types a line into the program's standard input. */
  public void type(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the program's standard input. */
  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks the program to end, as an init system would, and waits for it. */
  public int terminate() {
    process.destroy();
    return awaitExit();
  }

  /** Ends the program at once, without giving it a chance to tidy up. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is shutting down already: the hook has done its work.
    }
  }

  private void join() {
    for (Thread reader : readers) {
      try {
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Thread reader(String name, InputStream stream, StringWriter into) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  into.append(line).append('\n');
                }
              } catch (IOException e) {
                into.append("[stream lost: ").append(e.getMessage()).append("]\n");
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
