package dev.onbehalf.server.jira;

import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.applinks.ApplicationLinkRequest;
import dev.onbehalf.applinks.ApplicationLinkRequestFactory;
import dev.onbehalf.applinks.AuthenticationResponseException;
import dev.onbehalf.applinks.CredentialsRequiredException;
import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.Response;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.server.jira.Answer.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Sends requests to the REST API of the linked Jira, two-legged; {@code docs/peer-facts.md} 2.9.
 * Never throws for what the Jira does.
 */
final class Peer {
  static final String API = "/rest/api/2/";

  private static final int CONNECT_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 15_000;
  private static final long READ_NANOS = Duration.ofSeconds(20).toNanos();
  private static final int MOST_BYTES = 2_000_000;
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Set<LinkError> NOT_SENT =
      Set.of(
          LinkError.CONNECTION_REFUSED,
          LinkError.UNKNOWN_HOST,
          LinkError.ADDRESS_REFUSED,
          LinkError.SSL_UNTRUSTED,
          LinkError.SSL_HOSTNAME_UNMATCHED);

  private final String name;
  private final Supplier<Optional<ApplicationLink>> link;
  private final InstantSource clock;

  /**
   * Prepares requests.
   *
   * @param name what the configuration calls the link
   * @param link finds it; empty where there is none of that name
   */
  Peer(String name, Supplier<Optional<ApplicationLink>> link, InstantSource clock) {
    this.name = name;
    this.link = link;
    this.clock = clock;
  }

  /** Returns a part of a path, with everything escaped that is not a letter or digit. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Sends a request.
   *
   * @param path below {@link #API}, with its query
   */
  Answer send(MethodType method, String path, @Nullable JsonNode body) {
    ApplicationLink found = link.get().orElse(null);
    if (found == null) {
      return down(
          "There is no link '"
              + name
              + "': add it by 'onbehalf link add', or correct receive.link.",
          true);
    }
    ApplicationLinkRequestFactory factory =
        found.createNonImpersonatingAuthenticatedRequestFactory();
    if (factory == null) {
      return down(
          "The link '"
              + name
              + "' has two-legged access switched off: switch it on here and there.",
          true);
    }
    try {
      ApplicationLinkRequest request =
          factory
              .createRequest(method, API + path)
              .setConnectionTimeout(CONNECT_MILLIS)
              .setSoTimeout(SILENCE_MILLIS)
              .addHeader("Accept", "application/json")
              .addHeader("X-Atlassian-Token", "no-check");
      if (body != null) {
        request.setRequestBody(body.toString(), "application/json");
      }
      return request.executeAndReturn(this::understood);
    } catch (CredentialsRequiredException e) {
      return down(String.valueOf(e.getMessage()), true);
    } catch (ResponseException e) {
      return down(
          String.valueOf(e.getMessage()),
          NOT_SENT.contains(e.getError()) || e instanceof AuthenticationResponseException);
    }
  }

  private Answer understood(Response response) throws ResponseException {
    int status = response.getStatusCode();
    Duration pause = retryAfter(response.getHeader("Retry-After"));
    if (status >= 200 && status < 300) {
      return new Answer(Kind.DONE, status, json(response), null, "", false);
    }
    String said = messages(json(response));
    String sentence = "It answered " + status + (said.isEmpty() ? "." : ": " + said);
    Kind kind =
        switch (status) {
          case 404 -> Kind.ABSENT;
          case 429 -> Kind.BUSY;
          case 503 -> pause == null ? Kind.DOWN : Kind.BUSY;
          case 401, 407, 408 -> Kind.DOWN;
          default -> status >= 400 && status < 500 ? Kind.REFUSED : Kind.DOWN;
        };
    if (status == 401) {
      sentence += " Set the user as whom its link executes two-legged requests.";
    }
    return new Answer(kind, status, MissingNode.getInstance(), pause, sentence, status < 500);
  }

  private static JsonNode json(Response response) throws ResponseException {
    byte[] bytes;
    try (InputStream in = response.getResponseBodyAsStream()) {
      bytes = bounded(in);
    } catch (IOException e) {
      throw new ResponseException("Its answer broke off: " + e.getMessage(), e);
    }
    try {
      return bytes.length == 0 ? MissingNode.getInstance() : JsonMapper.shared().readTree(bytes);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  private static byte[] bounded(InputStream in) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long end = System.nanoTime() + READ_NANOS;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      all.write(buffer, 0, read);
      if (all.size() > MOST_BYTES || System.nanoTime() - end > 0) {
        throw new IOException("it is too long, or too slow");
      }
    }
    return all.toByteArray();
  }

  /** The first error Jira names, on one line. */
  private static String messages(JsonNode body) {
    String first = body.path("errorMessages").path(0).asString("");
    if (first.isEmpty()) {
      first =
          body.path("errors").properties().stream()
              .map(error -> error.getKey() + ": " + error.getValue().asString(""))
              .findFirst()
              .orElse("");
    }
    return Texts.plain(first, 200);
  }

  private @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Duration pause;
    String value = header.strip();
    if (value.matches("[0-9]{1,9}")) {
      pause = Duration.ofSeconds(Long.parseLong(value));
    } else {
      try {
        pause =
            Duration.between(
                clock.instant(),
                ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      } catch (DateTimeParseException e) {
        return null;
      }
    }
    return pause.isNegative()
        ? Duration.ZERO
        : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private static Answer down(String sentence, boolean undone) {
    return new Answer(Kind.DOWN, 0, MissingNode.getInstance(), null, sentence, undone);
  }
}
