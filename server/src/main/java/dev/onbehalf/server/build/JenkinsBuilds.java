package dev.onbehalf.server.build;

import dev.onbehalf.server.build.Facts.Trigger;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a Jenkins or Hudson whether a build runs and who started it, following the builds that
 * started it to the people at the root.
 */
final class JenkinsBuilds {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LONGEST = 4 * 1024 * 1024;
  private static final int MOST_BUILDS = 30;
  private static final long SKEW_MILLIS = 60_000;
  private static final Pattern UPSTREAM_URL = Pattern.compile("(job/[^/?#]+/)+");

  private final ApplicationConfig application;
  private final Directory directory;
  private final @Nullable String readAs;
  private final Duration walk;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Who and what stands at the roots of a build. */
  record Roots(Set<String> people, Set<Trigger> triggers) {}

  private record Build(String jobPath, String number) {}

  /**
   * Prepares questions to an application's upstream.
   *
   * @param readAs as whom; null for nobody
   * @param walk how long all questions about one build may take together
   */
  JenkinsBuilds(
      ApplicationConfig application, Directory directory, @Nullable String readAs, Duration walk) {
    this.application = application;
    this.directory = directory;
    this.readAs = readAs;
    this.walk = walk;
  }

  /**
   * Returns who started a running build.
   *
   * @throws RefusedBuildException if it does not run, is not the one the token was made for, or
   *     cannot be asked about
   */
  Roots roots(Facts facts) throws RefusedBuildException {
    Set<String> people = new TreeSet<>();
    Set<Trigger> triggers = new HashSet<>();
    Build own = new Build(facts.jobPath(), facts.number());
    long deadlineNanos = System.nanoTime() + walk.toNanos();
    JsonNode json = read(own, deadlineNanos);
    requireRunning(facts, json);
    Set<Build> seen = new HashSet<>(Set.of(own));
    Deque<JsonNode> open = new ArrayDeque<>(Set.of(json));
    while (!open.isEmpty()) {
      boolean caused = false;
      for (JsonNode action : open.remove().path("actions")) {
        for (JsonNode cause : action.path("causes")) {
          caused = true;
          Build upstream = upstream(cause);
          if (upstream == null) {
            root(cause, people, triggers);
          } else if (seen.add(upstream)) {
            if (seen.size() > MOST_BUILDS) {
              throw untraceable("more than " + MOST_BUILDS + " builds lead to it");
            }
            open.add(read(upstream, deadlineNanos));
          }
        }
      }
      if (!caused) {
        triggers.add(Trigger.OTHER);
      }
    }
    return new Roots(people, triggers);
  }

  private static void requireRunning(Facts facts, JsonNode json) throws RefusedBuildException {
    boolean same = json.path("number").asString("").equals(facts.number());
    if (!same || !json.path("building").asBoolean(false)) {
      throw new RefusedBuildException(
          "build-finished",
          "The build does not run, and only running builds may act as people.",
          same ? "" : "The CI server answered with another build.");
    }
    long begun = json.path("timestamp").asLong(Long.MAX_VALUE);
    if (begun - SKEW_MILLIS > facts.issuedAtSeconds() * 1000) {
      throw new RefusedBuildException(
          "build-token-claim",
          "The build's token is older than the build.",
          "Another build of that number ran when the token was made.");
    }
  }

  private static @Nullable Build upstream(JsonNode cause) throws RefusedBuildException {
    if (!cause.has("upstreamProject") && !cause.has("upstreamBuild")) {
      return null;
    }
    String number = cause.path("upstreamBuild").asString("");
    String url = cause.path("upstreamUrl").asString("");
    if (!number.matches("[1-9][0-9]{0,17}")) {
      throw untraceable("a cause names no number of the build that started it");
    }
    if (UPSTREAM_URL.matcher(url).matches()) {
      return new Build("/" + url.substring(0, url.length() - 1), number);
    }
    String project = cause.path("upstreamProject").asString("");
    if (project.isEmpty()) {
      throw untraceable("a cause names no job that started it");
    }
    return new Build(
        Arrays.stream(project.split("/", -1))
            .map(name -> "/job/" + URLEncoder.encode(name, StandardCharsets.UTF_8))
            .collect(Collectors.joining())
            .replace("+", "%20"),
        number);
  }

  /**
   * By class, or by the whole text where old servers name no class; a part of the text may come
   * from whoever started the build.
   */
  private static final Map<String, Trigger> TRIGGERS =
      Map.of(
          "hudson.triggers.TimerTrigger$TimerTriggerCause", Trigger.TIMER,
          "Started by timer", Trigger.TIMER,
          "hudson.triggers.SCMTrigger$SCMTriggerCause", Trigger.CHANGE,
          "Started by an SCM change", Trigger.CHANGE,
          "jenkins.branch.BranchIndexingCause", Trigger.CHANGE,
          "jenkins.branch.BranchEventCause", Trigger.CHANGE);

  /** Old servers give the user name as {@code userName}; later ones show people's names there. */
  private static void root(JsonNode cause, Set<String> people, Set<Trigger> triggers) {
    String type = cause.path("_class").asString("");
    String id = cause.path("userId").asString("");
    String oldName = type.isEmpty() ? cause.path("userName").asString("") : "";
    boolean byPerson = type.equals("hudson.model.Cause$UserIdCause") && !id.isEmpty();
    if (byPerson || !oldName.isEmpty()) {
      people.add(byPerson ? id : oldName);
      return;
    }
    String kind = type.isEmpty() ? cause.path("shortDescription").asString("") : type;
    triggers.add(TRIGGERS.getOrDefault(kind, Trigger.OTHER));
  }

  private JsonNode read(Build build, long deadlineNanos) throws RefusedBuildException {
    URI url =
        URI.create(
            application.upstream().toString().replaceFirst("/$", "")
                + build.jobPath()
                + "/"
                + build.number()
                + "/api/json");
    long leftNanos = Math.min(TIMEOUT.toNanos(), deadlineNanos - System.nanoTime());
    if (leftNanos <= 0) {
      throw late();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofNanos(leftNanos))
            .header("Accept-Language", "en");
    identify(request);
    try {
      HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
      return read(response, deadlineNanos);
    } catch (HttpTimeoutException e) {
      throw late();
    } catch (IOException | JacksonException e) {
      throw untraceable(
          "the CI server does not answer as one (" + e.getClass().getSimpleName() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw untraceable("the question was interrupted");
    }
  }

  /** The client's own time limit ends with the head of the answer; a body is cut off here. */
  private static JsonNode read(HttpResponse<InputStream> response, long deadlineNanos)
      throws IOException, RefusedBuildException {
    AtomicBoolean cut = new AtomicBoolean();
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new RefusedBuildException(
            "build-unknown",
            "The CI server does not show this build.",
            "It answered with status "
                + response.statusCode()
                + "; the option read-as says who may read it.");
      }
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                cut.set(true);
                close(body);
              },
              CompletableFuture.delayedExecutor(
                  Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS));
      byte[] bytes;
      try {
        bytes = body.readNBytes(LONGEST + 1);
      } finally {
        end.cancel(false);
      }
      if (cut.get()) {
        throw late();
      }
      if (bytes.length > LONGEST) {
        throw untraceable("the CI server's answer is too long");
      }
      return JsonMapper.shared().readTree(bytes);
    } catch (IOException e) {
      if (cut.get()) {
        throw late();
      }
      throw e;
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Whoever reads it is told by its own failure.
      return;
    }
  }

  private static RefusedBuildException late() {
    return untraceable("the CI server did not tell in time");
  }

  private void identify(HttpRequest.Builder request) throws RefusedBuildException {
    String secretHeader = application.secretHeader();
    if (secretHeader != null && application.secret() != null) {
      request.header(secretHeader, application.secret().reveal());
    }
    if (readAs == null) {
      return;
    }
    Person reader =
        directory
            .find(readAs)
            .filter(Person::active)
            .orElseThrow(
                () -> untraceable("there is no active person '" + readAs + "' to read as"));
    request.header(application.userHeader(), reader.name());
    String groupsHeader = application.groupsHeader();
    if (groupsHeader != null && !reader.groups().isEmpty()) {
      request.header(
          groupsHeader,
          reader.groups().stream()
              .sorted()
              .collect(Collectors.joining(application.groupsDelimiter())));
    }
  }

  private static RefusedBuildException untraceable(String detail) {
    return new RefusedBuildException(
        "build-untraceable",
        "Who started the build cannot be told, so it does not act as anybody.",
        "Because " + detail + ".");
  }
}
