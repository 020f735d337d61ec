package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.access.ArrivalWitness;
import dev.onbehalf.server.access.RawArrival;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The marks on requests to our own public URLs. A mark is made by a key that only the nodes of this
 * installation have, so that any node, and nobody else, can have one answered; it is good for a
 * minute.
 */
public final class ArrivalProbes implements ArrivalWitness {
  private static final Duration LIFE = Duration.ofMinutes(1);
  private static final int RANDOM_BYTES = 16;
  private static final int MARK_CHARACTERS = 200;
  private static final HexFormat HEX = HexFormat.of();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MARK = "onbehalf-arrival";

  private final Function<String, byte[]> fingerprint;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * Prepares to make and recognise marks.
   *
   * @param fingerprint a keyed fingerprint that every node computes alike
   */
  public ArrivalProbes(Function<String, byte[]> fingerprint, InstantSource clock) {
    this.fingerprint = fingerprint;
    this.clock = clock;
  }

  /** Makes a mark: letters, digits and dashes, which no proxy has a reason to change. */
  String newMark() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String content = clock.instant().getEpochSecond() + "-" + HEX.formatHex(bytes);
    return content + "-" + HEX.formatHex(fingerprint.apply(content));
  }

  @Override
  public @Nullable String testimony(RawArrival arrival) {
    int at = arrival.rawPath().indexOf(PATH);
    if (at < 0) {
      return null;
    }
    int begin = at + PATH.length();
    int end = arrival.rawPath().indexOf('/', begin);
    String mark = arrival.rawPath().substring(begin, end < 0 ? arrival.rawPath().length() : end);
    if (!genuine(mark)) {
      return null;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(MARK, mark)
        .put("peer", arrival.peer().getHostAddress())
        .put("trusted", arrival.trusted())
        .put("host", arrival.host())
        .put("path", arrival.rawPath())
        .put("query", arrival.rawQuery());
    ObjectNode forwarding = json.putObject("forwarding");
    arrival
        .forwarding()
        .forEach(
            (name, values) -> {
              ArrayNode lines = forwarding.putArray(name);
              values.forEach(lines::add);
            });
    return JSON.writeValueAsString(json);
  }

  /** Reads an answer; null where it does not come from a node of ours, or was for another mark. */
  static @Nullable JsonNode read(String body, String mark) {
    if (!body.startsWith("{")) {
      return null;
    }
    try {
      JsonNode json = JSON.readTree(body);
      return json.path(MARK).asString("").equals(mark) ? json : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private boolean genuine(String mark) {
    int first = mark.indexOf('-');
    int last = mark.lastIndexOf('-');
    if (mark.length() > MARK_CHARACTERS || first < 1 || last <= first) {
      return false;
    }
    long madeSeconds;
    try {
      madeSeconds = Long.parseLong(mark, 0, first, 10);
    } catch (NumberFormatException e) {
      return false;
    }
    long age = clock.instant().getEpochSecond() - madeSeconds;
    if (age < -LIFE.toSeconds() || age > LIFE.toSeconds()) {
      return false;
    }
    byte[] expected = fingerprint.apply(mark.substring(0, last));
    byte[] presented;
    try {
      presented = HEX.parseHex(mark, last + 1, mark.length());
    } catch (IllegalArgumentException e) {
      return false;
    }
    return MessageDigest.isEqual(expected, presented);
  }
}
