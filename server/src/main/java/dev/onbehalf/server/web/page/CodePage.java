package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Shows the code that the person carries to the consumer by hand (out-of-band verifier, RFC 5849
 * section 2.2).
 *
 * @param consumerName who waits for the code
 * @param code the verifier
 * @param validUntil when it ends; null where unknown
 */
public record CodePage(String consumerName, String code, @Nullable Instant validUntil)
    implements Page {
  @Override
  public String template() {
    return "code";
  }

  @Override
  public String title() {
    return "Your code";
  }

  @Override
  public String toString() {
    return "CodePage[" + consumerName + "]";
  }
}
