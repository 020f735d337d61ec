package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a person whether a consumer may act as them (RFC 5849 section 2.2). The form posts {@code
 * csrf}, the hidden fields, the chosen options and {@code decision}, which is {@code allow} or
 * {@code deny}.
 *
 * @param consumerName who asks, as the consumer record names it
 * @param application what it will reach
 * @param personName as whom it will act
 * @param abilities what it will be able to do, a phrase each, such as "see what you can see"
 * @param validUntil when it ends; null for never
 * @param returnsTo host the browser is sent to afterwards; null if a code is shown instead
 * @param choices what the person may narrow; empty for nothing
 * @param warnings what the person should know first; empty for nothing
 * @param action where the form goes, a raw path after the context path
 * @param hidden further fields of the form
 * @param csrfToken token of the person's session
 */
public record ConsentPage(
    String consumerName,
    String application,
    String personName,
    List<String> abilities,
    @Nullable Instant validUntil,
    @Nullable String returnsTo,
    List<Choice> choices,
    List<String> warnings,
    String action,
    Map<String, String> hidden,
    String csrfToken)
    implements Page {

  public ConsentPage {
    abilities = List.copyOf(abilities);
    choices = List.copyOf(choices);
    warnings = List.copyOf(warnings);
    hidden = Map.copyOf(hidden);
  }

  @Override
  public String template() {
    return "consent";
  }

  @Override
  public String title() {
    return "Allow access?";
  }

  @Override
  public String toString() {
    return "ConsentPage[" + consumerName + "]";
  }
}
