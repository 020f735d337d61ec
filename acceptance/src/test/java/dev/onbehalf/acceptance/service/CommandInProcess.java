package dev.onbehalf.acceptance.service;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * The executable jar's commands, run in this Java: a test with a hundred of them would spend its
 * minutes on starting as many. The jar has a class loader of its own and sees nothing of the tests.
 */
final class CommandInProcess implements AutoCloseable {
  private final URLClassLoader jar;
  private final Method commandLine;

  CommandInProcess(Path file) {
    try {
      jar =
          new URLClassLoader(
              new URL[] {file.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
      commandLine =
          jar.loadClass("dev.onbehalf.cli.Main").getDeclaredMethod("commandLine", String[].class);
      commandLine.setAccessible(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("The jar has no commands.", e);
    }
  }

  /** Runs a command to its end; paths in it are relative to the directory of the tests. */
  Command.Result run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(jar);
    try {
      String[] all = arguments.toArray(String[]::new);
      Object line = commandLine.invoke(null, (Object) all);
      Class<?> type = line.getClass();
      type.getMethod("setOut", PrintWriter.class).invoke(line, new PrintWriter(out, true));
      type.getMethod("setErr", PrintWriter.class).invoke(line, new PrintWriter(err, true));
      int exit = (int) type.getMethod("execute", String[].class).invoke(line, (Object) all);
      return new Command.Result(exit, out.toString(), err.toString());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(String.join(" ", arguments), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public void close() {
    try {
      jar.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
