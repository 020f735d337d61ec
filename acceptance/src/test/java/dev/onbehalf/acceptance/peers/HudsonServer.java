package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hudson 1.395, the code base from which Jenkins came: its remote API, permissions, crumbs and
 * build causes are Jenkins'. Takes the user from {@code X-Forwarded-User}.
 */
public final class HudsonServer implements AutoCloseable {
  /** The request header Hudson takes the user from. */
  public static final String USER_HEADER = "X-Forwarded-User";

  /** The header that must carry {@link #SECRET} where the server was started to ask for it. */
  public static final String SECRET_HEADER = "X-Gateway-Secret";

  /** What Hudson and the gateway share, so that nobody else can name a user. */
  public static final String SECRET = "known-to-the-gateway-and-hudson";

  private static final Pattern LISTENS = Pattern.compile("Hudson listens on port (\\d+)");
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Who may do what. */
  public enum Security {
    /** Whoever is signed in may do everything; no crumbs. */
    FULL_CONTROL_ONCE_LOGGED_IN,
    /**
     * {@code admin} may do everything, {@code alice} and {@code carol} read and build, {@code bob}
     * and {@code reader} read only, others nothing; every POST needs the crumb of its own user.
     */
    MATRIX_AND_CRUMBS
  }

  /**
   * One finished build.
   *
   * @param userName who started it, null when no person did
   */
  public record Build(int number, String result, @Nullable String userName) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerProcess process;
  private final URI url;
  private final boolean guarded;

  private HudsonServer(ServerProcess process, URI url, boolean guarded) {
    this.process = process;
    this.url = url;
    this.guarded = guarded;
  }

  /** Starts a Hudson that believes the user header of anybody. */
  public static HudsonServer start(Security security) {
    return start(security, false);
  }

  /** Starts a Hudson that believes the user header only beside the shared secret. */
  public static HudsonServer startGuarded(Security security) {
    return start(security, true);
  }

  private static HudsonServer start(Security security, boolean guarded) {
    Path home = Workspace.create("hudson");
    Path hudson = Workspace.target().resolve("hudson");
    try {
      Files.createDirectories(home.resolve("jetty"));
      Files.writeString(home.resolve("config.xml"), configuration(security));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>();
    command.add(Workspace.java().toString());
    for (String opened :
        List.of(
            "java.base/java.lang",
            "java.base/java.util",
            "java.base/java.text",
            "java.desktop/java.awt.font")) {
      command.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.awt.headless=true");
    command.add("-cp");
    command.add(hudson.resolve("container") + "/*");
    command.add(Workspace.base().resolve("src/hudson/HudsonLauncher.java").toString());
    command.add(hudson.resolve("webapp").toString());
    command.add(home.toString());
    command.add(USER_HEADER);
    command.add(guarded ? SECRET_HEADER : "-");
    command.add(guarded ? SECRET : "-");
    ServerProcess process = ServerProcess.start("hudson", command, home, Map.of());
    try {
      String port = process.awaitLine(LISTENS).group(1);
      HudsonServer server =
          new HudsonServer(process, URI.create("http://127.0.0.1:" + port), guarded);
      Await.until(
          "Hudson has loaded",
          () -> server.get("/api/json", "admin").statusCode() == 200 ? server : null);
      return server;
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  /** Where Hudson listens, without a slash at the end. */
  public URI url() {
    return url;
  }

  /** Asks Hudson directly as a user, or as nobody where the user is null. */
  public HttpResponse<String> get(String path, @Nullable String user) {
    return send(request(path, user).GET().build());
  }

  /** Posts an empty body to Hudson directly, with a crumb where one is given. */
  public HttpResponse<String> post(String path, @Nullable String user, @Nullable String crumb) {
    HttpRequest.Builder request = request(path, user).POST(BodyPublishers.noBody());
    if (crumb != null) {
      request.header(".crumb", crumb);
    }
    return send(request.build());
  }

  /** The crumb Hudson gives this user, null where it asks for none. */
  public @Nullable String crumb(String user) {
    HttpResponse<String> answer = get("/crumbIssuer/api/json", user);
    return answer.statusCode() == 200 ? JSON.readTree(answer.body()).get("crumb").asString() : null;
  }

  /** Creates a job that does nothing and succeeds. */
  public void createJob(String name) {
    createJob(name, "");
  }

  /** Creates a job that runs until {@code file} is there. */
  public void createJobUntil(String name, Path file) {
    createJob(
        name,
        "<hudson.tasks.Shell><command>while [ ! -e '"
            + file
            + "' ]; do sleep 0.1; done</command></hudson.tasks.Shell>");
  }

  /** Has Hudson run a Groovy script as its administrator. */
  public void script(String groovy) {
    HttpRequest.Builder request =
        request("/script", "admin")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "script=" + URLEncoder.encode(groovy, StandardCharsets.UTF_8)));
    String crumb = crumb("admin");
    if (crumb != null) {
      request.header(".crumb", crumb);
    }
    HttpResponse<String> answer = send(request.build());
    if (answer.statusCode() != 200) {
      throw new AssertionError("script answered " + answer.statusCode() + process.report());
    }
  }

  /** Waits until a build runs. */
  public void awaitRunning(String job, int number) {
    Await.until(
        "build " + number + " of " + job + " runs",
        () -> {
          HttpResponse<String> answer = get("/job/" + job + "/" + number + "/api/json", "admin");
          boolean runs =
              answer.statusCode() == 200
                  && JSON.readTree(answer.body()).get("building").asBoolean();
          return runs ? true : null;
        });
  }

  private void createJob(String name, String builders) {
    HttpRequest.Builder request =
        request("/createItem?name=" + name, "admin")
            .header("Content-Type", "application/xml")
            .POST(
                BodyPublishers.ofString(
                    "<project><builders>"
                        + builders
                        + "</builders><publishers/><buildWrappers/></project>"));
    String crumb = crumb("admin");
    if (crumb != null) {
      request.header(".crumb", crumb);
    }
    HttpResponse<String> answer = send(request.build());
    if (answer.statusCode() != 200) {
      throw new AssertionError("createItem answered " + answer.statusCode() + process.report());
    }
  }

  /** The number the next build of a job will have, counted from 1. */
  public int nextBuildNumber(String job) {
    return read("/job/" + job + "/api/json").get("nextBuildNumber").asInt();
  }

  /** Waits until a build has ended. */
  public Build awaitBuild(String job, int number) {
    String path = "/job/" + job + "/" + number + "/api/json";
    return Await.until(
        "build " + number + " of " + job + " has ended",
        () -> {
          HttpResponse<String> answer = get(path, "admin");
          if (answer.statusCode() != 200) {
            return null;
          }
          JsonNode build = JSON.readTree(answer.body());
          return build.get("building").asBoolean() ? null : build(build);
        });
  }

  /** Waits until nothing of a job runs or is queued; answers who started each of its builds. */
  public List<String> awaitUserNames(String job) {
    String path = "/job/" + job + "/api/json?depth=1";
    return Await.until(
        "the builds of " + job + " have ended",
        () -> {
          JsonNode state = read(path);
          List<String> names = new ArrayList<>();
          boolean busy = state.get("inQueue").asBoolean();
          for (JsonNode build : state.get("builds")) {
            busy |= build.get("building").asBoolean();
            names.add(String.valueOf(build(build).userName()));
          }
          return busy ? null : names;
        });
  }

  /** Everything the server process has printed. */
  public String report() {
    return process.report();
  }

  @Override
  public void close() {
    process.close();
  }

  private static Build build(JsonNode build) {
    String userName = null;
    for (JsonNode action : build.get("actions")) {
      for (JsonNode cause : action.path("causes")) {
        if (cause.has("userName")) {
          userName = cause.get("userName").asString();
        }
      }
    }
    return new Build(build.get("number").asInt(), build.get("result").asString(), userName);
  }

  private JsonNode read(String path) {
    HttpResponse<String> answer = get(path, "admin");
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + " answered " + answer.statusCode());
    }
    return JSON.readTree(answer.body());
  }

  private HttpRequest.Builder request(String path, @Nullable String user) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(30));
    if (user != null) {
      request.header(USER_HEADER, user);
      if (guarded) {
        request.header(SECRET_HEADER, SECRET);
      }
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String configuration(Security security) {
    String common =
        """
        <?xml version='1.0' encoding='UTF-8'?>
        <hudson>
          <version>1.395</version>
          <numExecutors>2</numExecutors>
          <quietPeriod>0</quietPeriod>
          <slaveAgentPort>-1</slaveAgentPort>
          <useSecurity>true</useSecurity>
          <securityRealm class="hudson.security.LegacySecurityRealm"/>
        %s</hudson>
        """;
    return common.formatted(
        switch (security) {
          case FULL_CONTROL_ONCE_LOGGED_IN ->
              """
                <authorizationStrategy class="hudson.security.FullControlOnceLoggedInAuthorizationStrategy"/>
              """;
          case MATRIX_AND_CRUMBS ->
              """
                <authorizationStrategy class="hudson.security.GlobalMatrixAuthorizationStrategy">
                  <permission>hudson.model.Hudson.Administer:admin</permission>
                  <permission>hudson.model.Hudson.Read:alice</permission>
                  <permission>hudson.model.Item.Read:alice</permission>
                  <permission>hudson.model.Item.Build:alice</permission>
                  <permission>hudson.model.Hudson.Read:carol</permission>
                  <permission>hudson.model.Item.Read:carol</permission>
                  <permission>hudson.model.Item.Build:carol</permission>
                  <permission>hudson.model.Hudson.Read:bob</permission>
                  <permission>hudson.model.Item.Read:bob</permission>
                  <permission>hudson.model.Hudson.Read:reader</permission>
                  <permission>hudson.model.Item.Read:reader</permission>
                </authorizationStrategy>
                <crumbIssuer class="hudson.security.csrf.DefaultCrumbIssuer">
                  <excludeClientIPFromCrumb>false</excludeClientIPFromCrumb>
                </crumbIssuer>
              """;
        });
  }
}
