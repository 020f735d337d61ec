package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.send.DeliveryException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls a site until it answers, gives up or must not be asked again; {@code docs/peer-facts.md}
 * 2.7. Every request is safe to repeat: the sequence numbers see to that.
 */
final class Caller {
  static final JsonMapper JSON = JsonMapper.shared();

  private static final List<String> RETRY_AFTER = List.of("Retry-After", "Beta-Retry-After");
  private static final List<String> RESET = List.of("X-RateLimit-Reset", "X-Beta-RateLimit-Reset");
  private static final int MAX_QUOTED = 300;

  private final Http http;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final DoubleSupplier random;
  private final int attempts;
  private final Duration firstDelay;
  private volatile @Nullable Duration skew;

  Caller(
      Http http,
      InstantSource clock,
      Sleeper sleeper,
      DoubleSupplier random,
      int attempts,
      Duration firstDelay) {
    this.http = http;
    this.clock = clock;
    this.sleeper = sleeper;
    this.random = random;
    this.attempts = attempts;
    this.firstDelay = firstDelay;
  }

  Http http() {
    return http;
  }

  Instant now() {
    return clock.instant();
  }

  /** Returns how far this clock is ahead of the last peer's; empty where none told the time. */
  Optional<Duration> skew() {
    return Optional.ofNullable(skew);
  }

  private void noteSkew(Http.Answer answer) {
    answer
        .headers()
        .firstValue("Date")
        .ifPresent(
            date -> {
              try {
                Instant theirs =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
                skew = Duration.between(theirs, clock.instant());
              } catch (DateTimeException e) {
                skew = null;
              }
            });
  }

  /** Returns the body of a 2xx answer; an empty body as a missing node. */
  JsonNode call(HttpRequest request, Instant deadline) throws DeliveryException {
    Duration delay = firstDelay;
    String failure = "";
    for (int attempt = 1; ; attempt++) {
      Duration floor = Duration.ZERO;
      try {
        Http.Answer answer = http.exchange(request);
        noteSkew(answer);
        if (!mayPass(answer.status())) {
          return bodyOf(request.uri(), answer);
        }
        failure = failureOf(answer);
        floor = floorOf(answer);
      } catch (JacksonException e) {
        failure = "its answer is not JSON";
      } catch (IOException e) {
        failure = explain(e);
      } catch (InterruptedException e) {
        throw interrupted(request.uri());
      }
      Duration wait = waitFor(delay, floor);
      if (attempt >= attempts || clock.instant().plus(wait).isAfter(deadline)) {
        throw new DeliveryException(
            Kind.UNREACHABLE,
            "%s could not be reached after %d attempt(s): %s."
                .formatted(request.uri().getAuthority(), attempt, failure));
      }
      try {
        sleeper.sleep(wait);
      } catch (InterruptedException e) {
        throw interrupted(request.uri());
      }
      delay = delay.multipliedBy(2);
    }
  }

  /** The delay within 30 % of itself, and never less than the floor, which gets its own jitter. */
  private Duration waitFor(Duration delay, Duration floor) {
    double spread = random.getAsDouble();
    Duration jittered = Duration.ofMillis(Math.round(delay.toMillis() * (0.7 + 0.6 * spread)));
    Duration asked = floor.plusMillis(Math.round(delay.toMillis() * 0.3 * spread));
    return jittered.compareTo(asked) < 0 && !floor.isZero() ? asked : jittered;
  }

  private static boolean mayPass(int status) {
    return status == 408 || status == 424 || status == 425 || status == 429 || status >= 500;
  }

  private static JsonNode bodyOf(URI uri, Http.Answer answer) throws DeliveryException {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      JsonNode body = JSON.readTree(answer.body());
      if (!body.isContainer() && !answer.body().isEmpty()) {
        throw new DeliveryException(
            Kind.UNREACHABLE, uri.getAuthority() + " answered something that is no JSON object.");
      }
      return body;
    }
    String said = messagesOf(answer);
    throw switch (status) {
      case 401 ->
          new DeliveryException(
              Kind.UNAUTHORISED, uri.getAuthority() + " did not accept the token" + said + ".");
      case 403 ->
          new DeliveryException(
              Kind.MISCONFIGURED,
              uri.getAuthority()
                  + " refused: the credential lacks the permission for "
                  + uri.getPath()
                  + said
                  + ".");
      case 404 ->
          new DeliveryException(
              Kind.NOT_FOUND, uri.getAuthority() + " does not know " + uri.getPath() + said + ".");
      case 413 ->
          new DeliveryException(
              Kind.TOO_LARGE, uri.getAuthority() + " finds the request too large" + said + ".");
      case 301, 302, 303, 307, 308 ->
          new DeliveryException(
              Kind.MISCONFIGURED,
              "%s answered with a redirect to %s: the site may have been renamed; configure its new name."
                  .formatted(uri.getAuthority(), targetOf(answer)));
      default ->
          new DeliveryException(
              Kind.REFUSED,
              "%s refused the request with status %d%s."
                  .formatted(uri.getAuthority(), status, said));
    };
  }

  private static String targetOf(Http.Answer answer) {
    try {
      String host =
          answer.headers().firstValue("Location").map(URI::create).map(URI::getHost).orElse(null);
      return host == null ? "elsewhere" : host;
    } catch (IllegalArgumentException e) {
      return "elsewhere";
    }
  }

  private static String failureOf(Http.Answer answer) {
    String reason =
        answer
            .headers()
            .firstValue("RateLimit-Reason")
            .map(text -> " (" + clean(text) + ")")
            .orElse("");
    return "status " + answer.status() + reason + messagesOf(answer);
  }

  /** Returns the messages of an error body in any of its known forms, or nothing. */
  static String messagesOf(Http.Answer answer) {
    List<String> messages = new ArrayList<>();
    try {
      collectMessages(JSON.readTree(answer.body()), messages, 0);
    } catch (JacksonException e) {
      return "";
    }
    return messages.isEmpty() ? "" : ": " + clean(String.join("; ", messages));
  }

  private static void collectMessages(@Nullable JsonNode node, List<String> messages, int depth) {
    if (node == null || depth > 3 || messages.size() >= 5) {
      return;
    }
    if (node.isArray()) {
      for (JsonNode item : node) {
        collectMessages(item, messages, depth + 1);
      }
    } else if (node.isString()) {
      messages.add(node.stringValue());
    } else if (node.isObject()) {
      for (String field :
          List.of("message", "errorMessages", "errors", "error_description", "error")) {
        collectMessages(node.get(field), messages, depth + 1);
      }
      JsonNode trace = node.get("errorTraceId");
      if (trace != null && trace.isString()) {
        messages.add("trace " + trace.stringValue());
      }
    }
  }

  private static String clean(String text) {
    String cut = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
    return cut.codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private Duration floorOf(Http.Answer answer) {
    for (String header : RETRY_AFTER) {
      Optional<String> value = answer.headers().firstValue(header);
      if (value.isPresent()) {
        return retryAfter(value.get().strip());
      }
    }
    if (answer.status() == 429) {
      for (String header : RESET) {
        Optional<String> value = answer.headers().firstValue(header);
        if (value.isPresent()) {
          return until(value.get().strip(), DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        }
      }
    }
    return Duration.ZERO;
  }

  private Duration retryAfter(String value) {
    if (!value.isEmpty()
        && value.length() <= 9
        && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    return until(value, DateTimeFormatter.RFC_1123_DATE_TIME);
  }

  private Duration until(String time, DateTimeFormatter format) {
    try {
      Duration wait =
          Duration.between(clock.instant(), ZonedDateTime.parse(time, format).toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static DeliveryException interrupted(URI uri) {
    Thread.currentThread().interrupt();
    return new DeliveryException(
        Kind.UNREACHABLE, "The call of " + uri.getAuthority() + " was interrupted.");
  }

  private static String explain(IOException e) {
    if (e instanceof ConnectException) {
      return "no connection";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : clean(message);
  }
}
