package dev.onbehalf.jenkins;

import com.lesfurets.jenkins.unit.BasePipelineTest;
import com.lesfurets.jenkins.unit.PipelineTestHelper;
import com.lesfurets.jenkins.unit.cps.BasePipelineTestCPS;
import com.lesfurets.jenkins.unit.cps.PipelineTestHelperCPS;
import com.lesfurets.jenkins.unit.global.lib.LibraryConfiguration;
import groovy.lang.Binding;
import groovy.lang.Closure;
import hudson.AbortException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One build of a pipeline with the shared library loaded: files, environment, credentials and log
 * behave as in Jenkins; what `sh` and `bat` start is given by the test.
 */
final class PipelineBuild {
  /**
   * How the pipeline is compiled: as plain Groovy, or in continuation-passing style as Jenkins
   * does.
   */
  enum Mode {
    PLAIN,
    CPS
  }

  /** What the agent does with a shell line. */
  @FunctionalInterface
  interface Agent {
    int run(Invocation invocation) throws Exception;
  }

  record Credential(@Nullable String user, String secret) {}

  private static final class Plain extends BasePipelineTest {}

  private static final class Cps extends BasePipelineTestCPS {
    Cps() {
      setHelper(new SamplingHelper());
    }
  }

  /**
   * Checks that what Jenkins would save is serializable at every 20th continuation instead of each:
   * the check copies all of the pipeline's state and takes nearly all of the time otherwise.
   */
  private static final class SamplingHelper extends PipelineTestHelperCPS {
    private int continuations;

    @Override
    public <T> T roundtripSerialization(T value) {
      return continuations++ % 20 == 0 ? super.roundtripSerialization(value) : value;
    }
  }

  static final class Env extends LinkedHashMap<String, String> {
    private static final long serialVersionUID = 1L;
  }

  final Env env = new Env();
  final CurrentBuild currentBuild = new CurrentBuild();
  final Map<String, Credential> credentials = new LinkedHashMap<>();
  final List<Invocation> invocations = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  final List<Integer> sleptSeconds = new ArrayList<>();
  final List<String> nodes = new ArrayList<>();
  final List<String> changedFiles = new ArrayList<>();
  final Map<String, Object> params = new LinkedHashMap<>();
  final Path workspace;
  boolean unix = true;
  Agent agent = invocation -> 0;

  private final BasePipelineTest test;
  private final PipelineTestHelper helper;
  private final Path directory;
  private int runs;

  PipelineBuild(Mode mode, Path directory) throws Exception {
    this.directory = directory;
    this.workspace = Files.createDirectories(directory.resolve("work space"));
    this.test = mode == Mode.CPS ? new Cps() : new Plain();
    this.helper = test.getHelper();
    test.setScriptRoots(new String[] {directory.toString()});
    test.setBaseScriptRoot(directory.toString());
    test.setScriptExtension("groovy");
    test.setUp();
    LibraryConfiguration configuration = new LibraryConfiguration();
    configuration.setName("onbehalf");
    configuration.setDefaultVersion("main");
    configuration.setTargetPath("unused");
    URL library = Path.of("").toAbsolutePath().toUri().toURL();
    configuration.setRetriever((name, version, target) -> List.of(library));
    helper.registerSharedLibrary(configuration);
    Binding binding = test.getBinding();
    binding.setVariable("env", env);
    binding.setVariable("params", params);
    binding.setVariable("currentBuild", currentBuild);
    binding.setVariable("scm", "scm");
    env.put("WORKSPACE", workspace.toString());
    registerSteps();
    new DeclarativePipeline(this).register();
  }

  /**
   * Runs the pipeline; an exception that ends it sets the result, as in Jenkins, and is thrown on.
   */
  @Nullable Object run(String pipeline) throws Throwable {
    String name = "Jenkinsfile" + runs++ + ".groovy";
    Files.writeString(directory.resolve(name), pipeline);
    try {
      return helper.runScript(name, test.getBinding());
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }

  void failed(Throwable e) {
    currentBuild.setResult(
        e instanceof org.jenkinsci.plugins.workflow.steps.FlowInterruptedException interrupted
            ? interrupted.getResult()
            : "FAILURE");
  }

  void step(String name, Step.Body body, Class<?>... parameters) {
    helper.registerAllowedMethod(name, List.of((Class[]) parameters), new Step(body));
  }

  @Nullable Object run(Object closure) {
    return helper.callClosure((Closure<?>) closure);
  }

  @Nullable Object with(Map<String, String> added, Object closure) {
    Map<String, String> before = new LinkedHashMap<>(env);
    env.putAll(added);
    try {
      return run(closure);
    } finally {
      env.clear();
      env.putAll(before);
    }
  }

  Binding binding() {
    return test.getBinding();
  }

  private void registerSteps() {
    step("isUnix", a -> unix);
    step("echo", a -> log.add(a[0].toString()), String.class);
    step("error", a -> fail(a[0].toString()), String.class);
    step("pwd", a -> workspace + "@tmp", Map.class);
    step("sh", a -> launch("sh", (Map<?, ?>) a[0]), Map.class);
    step("bat", a -> launch("bat", (Map<?, ?>) a[0]), Map.class);
    step("sh", a -> log.add("+ " + a[0]), String.class);
    step("bat", a -> log.add("> " + a[0]), String.class);
    step("writeFile", a -> write((Map<?, ?>) a[0]), Map.class);
    step("readFile", a -> Files.readString(file(a[0], "file"), charset(a[0])), Map.class);
    step("fileExists", a -> Files.exists(Path.of(a[0].toString())), String.class);
    step("dir", a -> with(Map.of("PWD", a[0].toString()), a[1]), String.class, Closure.class);
    step("deleteDir", a -> delete(Path.of(env.get("PWD"))));
    step("sleep", a -> sleptSeconds.add((Integer) ((Map<?, ?>) a[0]).get("time")), Map.class);
    step("node", a -> node("", a[0]), Closure.class);
    step("node", a -> node(a[0].toString(), a[1]), String.class, Closure.class);
    step("withEnv", a -> with(variables((List<?>) a[0]), a[1]), List.class, Closure.class);
    step("withCredentials", a -> with(secrets((List<?>) a[0]), a[1]), List.class, Closure.class);
    step("string", a -> a[0], Map.class);
    step("usernamePassword", a -> a[0], Map.class);
    step("timeout", a -> run(a[1]), Map.class, Closure.class);
    step("catchError", a -> catchError(a[0]), Closure.class);
    step("unstable", a -> set("UNSTABLE"), String.class);
    step("checkout", a -> null, Object.class);
    step("junit", a -> null, String.class);
    step("interrupt", a -> interrupt(a[0].toString()), String.class);
    step("waitUntil", a -> waitUntil(a[1]), Map.class, Closure.class);
    step("waitUntil", a -> waitUntil(a[0]), Closure.class);
  }

  private static @Nullable Object fail(String message) throws AbortException {
    throw new AbortException(message);
  }

  private static @Nullable Object interrupt(String result) throws Exception {
    throw new org.jenkinsci.plugins.workflow.steps.FlowInterruptedException(result);
  }

  private @Nullable Object set(String result) {
    currentBuild.setResult(result);
    return null;
  }

  private @Nullable Object waitUntil(Object body) {
    while (!Boolean.TRUE.equals(run(body))) {
      sleptSeconds.add(0);
    }
    return null;
  }

  private @Nullable Object catchError(Object body) {
    try {
      return run(body);
    } catch (Exception e) {
      return set("FAILURE");
    }
  }

  private Object launch(String shell, Map<?, ?> parameters) throws Exception {
    String line = text(parameters, "script");
    Map<String, String> environment = new LinkedHashMap<>(env);
    if (!environment.containsKey("ONBEHALF_ARGUMENTS")) {
      log.add(line);
      return 0;
    }
    Invocation invocation = Invocation.of(environment, shell, line);
    invocations.add(invocation);
    return agent.run(invocation);
  }

  private @Nullable Object node(String label, Object body) {
    nodes.add(label);
    return with(Map.of("WORKSPACE", workspace.toString()), body);
  }

  private static Map<String, String> variables(List<?> assignments) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Object assignment : assignments) {
      String text = assignment.toString();
      int equals = text.indexOf('=');
      variables.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return variables;
  }

  private Map<String, String> secrets(List<?> bindings) throws AbortException {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Object binding : bindings) {
      Map<?, ?> named = (Map<?, ?>) binding;
      Credential credential = credentials.get(text(named, "credentialsId"));
      if (credential == null) {
        throw new AbortException(
            "Could not find credentials entry with ID '" + named.get("credentialsId") + "'");
      }
      if (named.containsKey("usernameVariable")) {
        variables.put(text(named, "usernameVariable"), credential.user());
        variables.put(text(named, "passwordVariable"), credential.secret());
      } else {
        variables.put(text(named, "variable"), credential.secret());
      }
    }
    return variables;
  }

  private static @Nullable Object write(Map<?, ?> parameters) throws IOException {
    Path file = file(parameters, "file");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text(parameters, "text"), charset(parameters));
    return null;
  }

  private static String text(Object parameters, String name) {
    return Objects.requireNonNull(((Map<?, ?>) parameters).get(name), name).toString();
  }

  private static Path file(Object parameters, String name) {
    return Path.of(text(parameters, name));
  }

  private static Charset charset(Object parameters) {
    return Charset.forName(text(parameters, "encoding"));
  }

  private static @Nullable Object delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(PipelineBuild::deleteOne);
    }
    return null;
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
