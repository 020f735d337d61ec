package dev.onbehalf.cli.demo;

import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.cli.StopSignal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code onbehalf demo}. */
@Command(
    name = "demo",
    description = "Shows the main job whole, on an embedded database and a sample CI application.")
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--once", description = "End after the show; exit code 0 only if all went well.")
  boolean once;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Demo demo = Demo.start(out);
    boolean passed;
    try {
      passed = demo.show();
    } catch (Exception e) {
      demo.close();
      throw e;
    }
    if (once) {
      demo.close();
      return passed ? ExitCode.OK : ExitCode.FAILED;
    }
    demo.invite();
    StopSignal.await(demo);
    return passed ? ExitCode.OK : ExitCode.FAILED;
  }
}
