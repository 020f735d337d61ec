package dev.onbehalf.cli;

import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code onbehalf serve}: the service, until it is told to stop. */
@Command(name = "serve", description = "Runs the service until it is told to stop.")
final class ServeCommand implements Callable<Integer> {
  @Mixin ServerOptions options;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Onbehalf onbehalf;
    try {
      onbehalf = Onbehalf.start(options.configuration(), Clock.systemUTC());
    } catch (IOException | StoreException | IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(onbehalf.banner());
    out.flush();
    StopSignal.await(onbehalf);
    return ExitCode.OK;
  }
}
