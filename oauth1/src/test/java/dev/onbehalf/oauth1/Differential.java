package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the library against the {@link ReferenceModel} on one request. */
final class Differential {
  private static final OAuthLimits WIDE =
      new OAuthLimits(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE - 1_000_000,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);

  private Differential() {}

  /**
   * Fails where the two differ.
   *
   * @param header starts with the scheme
   * @param form its characters are bytes
   */
  static void check(String url, @Nullable String header, @Nullable String query, String form) {
    List<ReferenceModel.Pair> expected = ReferenceModel.pairs(header, query, form);
    OAuthMessage message;
    try {
      message =
          OAuthMessage.parse(
              header == null ? List.of() : List.of(header),
              query,
              form.getBytes(StandardCharsets.ISO_8859_1),
              WIDE);
    } catch (OAuthProblemException e) {
      assertThat(expected == null || isBeyondTheModel(expected))
          .as("refused (%s): header <%s> query <%s> form <%s>", e.detail(), header, query, form)
          .isTrue();
      return;
    }
    List<ReferenceModel.Pair> found = new ArrayList<>();
    for (OAuthMessage.Parameter parameter : message.parameters()) {
      found.add(new ReferenceModel.Pair(parameter.name(), parameter.value()));
    }
    assertThat(found).isEqualTo(expected);
    assertThat(message.baseString("POST", url))
        .as("header <%s> query <%s> form <%s>", header, query, form)
        .isEqualTo(ReferenceModel.baseString("POST", url, header, query, form));
  }

  /** The model knows neither bounds nor the rule that protocol parameters occur once. */
  private static boolean isBeyondTheModel(List<ReferenceModel.Pair> pairs) {
    List<String> names =
        pairs.stream()
            .map(ReferenceModel.Pair::name)
            .filter(name -> name.startsWith("oauth_"))
            .toList();
    return names.size() > 64
        || names.stream().distinct().count() < names.size()
        || pairs.stream()
            .anyMatch(
                pair ->
                    pair.name().startsWith("oauth_")
                        && pair.value().getBytes(StandardCharsets.UTF_8).length > 255);
  }
}
