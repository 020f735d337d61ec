package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Debian's Buildbot. It reads the user from {@code X-Remote-User} on {@code GET /} only and then
 * believes its session cookie alone. {@code alice} may force builds, others may look.
 */
public final class BuildbotMaster implements AutoCloseable {
  /** The request header Buildbot takes the user from. */
  public static final String USER_HEADER = "X-Remote-User";

  /** The path that forces a build of the only builder, with {@link #FORCE_BODY} as JSON. */
  public static final String FORCE_PATH = "/api/v2/forceschedulers/force";

  /** The JSON-RPC call that forces a build. */
  public static final String FORCE_BODY =
      "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"force\",\"params\":{\"builderid\":1}}";

  private static final Pattern LISTENS = Pattern.compile("BuildbotSite starting on (\\d+)");
  private static final Pattern RUNS = Pattern.compile("BuildMaster is running");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerProcess process;
  private final URI url;

  private BuildbotMaster(ServerProcess process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a master with one builder, one worker inside it and a database in memory. */
  public static BuildbotMaster start() {
    return start(0);
  }

  /** As {@link #start()}, on a given port. */
  public static BuildbotMaster start(int listen) {
    Path directory = Workspace.create("buildbot");
    Path source = Workspace.base().resolve("src/buildbot");
    try {
      for (String file : List.of("buildbot.tac", "master.cfg")) {
        Files.copy(source.resolve(file), directory.resolve(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerProcess process =
        ServerProcess.start(
            "buildbot",
            List.of(
                "/usr/bin/python3",
                "-B",
                "-c",
                "from twisted.scripts.twistd import run; run()",
                "-noy",
                "buildbot.tac",
                "--pidfile="),
            directory,
            Map.of(
                "PYTHONPATH",
                source.resolve("ui").toString(),
                "BUILDBOT_PORT",
                String.valueOf(listen)));
    try {
      String port = process.awaitLine(LISTENS).group(1);
      process.awaitLine(RUNS);
      return new BuildbotMaster(process, URI.create("http://127.0.0.1:" + port));
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  /** Where Buildbot listens, without a slash at the end. */
  public URI url() {
    return url;
  }

  /** A browser's session as a user: the header is sent once, the cookie from then on. */
  public HttpClient signIn(String user) {
    HttpClient session = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    HttpResponse<String> answer =
        send(session, HttpRequest.newBuilder(url.resolve("/")).header(USER_HEADER, user).build());
    if (answer.statusCode() != 200) {
      throw new AssertionError("GET / answered " + answer.statusCode() + process.report());
    }
    return session;
  }

  /** Forces a build in a session; answers the status. */
  public int force(HttpClient session) {
    return send(
            session,
            HttpRequest.newBuilder(url.resolve(FORCE_PATH))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(FORCE_BODY))
                .build())
        .statusCode();
  }

  /** Waits for the end of a build, counted from 1; answers the name of its owner. */
  public String awaitOwner(int build) {
    URI builds = url.resolve("/api/v2/builds?property=owner&complete=true&order=buildid");
    return Await.until(
        "build " + build + " of Buildbot has ended",
        () -> {
          String body = send(http, HttpRequest.newBuilder(builds).build()).body();
          JsonNode ended = JSON.readTree(body).get("builds");
          return ended.size() < build
              ? null
              : ended.get(build - 1).get("properties").get("owner").get(0).asString();
        });
  }

  /** How many builds have been asked for. */
  public int requests() {
    URI requests = url.resolve("/api/v2/buildrequests");
    String body = send(http, HttpRequest.newBuilder(requests).build()).body();
    return JSON.readTree(body).get("buildrequests").size();
  }

  @Override
  public void close() {
    process.close();
  }

  private static HttpResponse<String> send(HttpClient session, HttpRequest request) {
    try {
      return session.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
