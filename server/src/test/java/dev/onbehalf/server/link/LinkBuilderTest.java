package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LinkBuilderTest {
  @Test
  void buildWhenOnlyTheUrlIsKnownThenThreeLeggedByOurKey() {
    Link link = builder().rpcUrl(URI.create("https://jira.example.com/base/")).build();

    assertThat(link.rpcUrl()).hasToString("https://jira.example.com/base");
    assertThat(link.displayUrl()).isEqualTo(link.rpcUrl());
    assertThat(link.levels()).isEqualTo(Link.Levels.DEFAULT);
    assertThat(link.signatureMethod()).isEqualTo(SignatureMethod.RSA_SHA1);
    assertThat(link.callbackConfirmed()).isTrue();
    assertThat(link.privateAddresses()).isFalse();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(link -> link.name(""), "name"),
        fault(link -> link.name("a/b"), "name"),
        fault(link -> link.name("a\u202eb"), "name"),
        fault(link -> link.name("x".repeat(101)), "name"),
        fault(link -> link.name(UUID.randomUUID().toString()), "identifier"),
        fault(link -> link.rpcUrl(URI.create("jira.example.com")), "absolute"),
        fault(link -> link.rpcUrl(URI.create("ftp://jira.example.com")), "http"),
        fault(link -> link.rpcUrl(URI.create("https://user@jira.example.com")), "user"),
        fault(link -> link.rpcUrl(URI.create("https://jira.example.com?a=b")), "query"),
        fault(link -> link.displayUrl(URI.create("javascript:alert(1)")), "http"),
        fault(link -> link.displayUrl(URI.create("file:///etc/passwd")), "http"),
        fault(link -> link.consumerKey("with space"), "consumer key"),
        fault(link -> link.levels(new Link.Levels(false, false, false)), "one way"),
        fault(link -> link.signatureMethod(SignatureMethod.HMAC_SHA1), "needs the secret"),
        fault(link -> link.secret(Secret.of("superfluous")), "takes no secret"),
        fault(
            link -> link.signatureMethod(SignatureMethod.HMAC_SHA1).secret(Secret.of("")),
            "1 to 1000"),
        fault(link -> link.endpoints(new Link.Endpoints("/r", "data:text/html,x", "/t")), "http"));
  }

  private static Arguments fault(UnaryOperator<LinkBuilder> wrong, String sentence) {
    return Arguments.of(wrong, sentence);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void buildWhenAFieldIsWrongThenSaid(UnaryOperator<LinkBuilder> wrong, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> wrong.apply(builder()).build())
        .withMessageContaining(sentence)
        .withMessageNotContaining("superfluous");
  }

  private static LinkBuilder builder() {
    return new LinkBuilder(
        UUID.randomUUID(), "jira", URI.create("https://jira.example.com"), "ours", Instant.EPOCH);
  }
}
