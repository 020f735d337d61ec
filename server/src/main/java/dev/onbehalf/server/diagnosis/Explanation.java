package dev.onbehalf.server.diagnosis;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why one request was refused, free of secrets.
 *
 * @param requestId the refused request
 * @param at when it was refused
 * @param application the application it was for
 * @param consumerKey the consumer it named; null where it named none
 * @param problem OAuth problem code
 * @param rfcSection section of RFC 5849 that speaks of the problem; null where none does
 * @param finding what is wrong, one sentence
 * @param remedy what to try, one sentence
 * @param baseString the signature base string expected for the configured URL, with tokens and
 *     verifiers masked; null where there is none
 */
public record Explanation(
    String requestId,
    Instant at,
    String application,
    @Nullable String consumerKey,
    String problem,
    @Nullable String rfcSection,
    String finding,
    String remedy,
    @Nullable String baseString) {

  /** The two sentences of a finding. */
  record Finding(String finding, String remedy) {}

  /** Returns the sentences in order. */
  public List<String> sentences() {
    return List.of(finding, remedy);
  }
}
