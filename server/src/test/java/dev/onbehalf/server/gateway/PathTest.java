package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.access.Grants;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.policy.ConsumerPolicy;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threat-model.md} attacks 19 to 22. */
class PathTest {
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/job/p/job/feature%252Fx/",
        "/a%2Fb",
        "/a%2fb",
        "/a;b=c/d;e",
        "//a//b//",
        "/a%25",
        "/a%5Cb",
        "/%E2%82%AC/%c3%a9",
        "/a/./b/../c",
        "/a/%2e%2e/b",
        "/a%c0%af",
        "/a%u002e",
        "/a+b%20c~!$&'()*,=:@",
        "/a?x=%2F&y=a+b;c",
        "/a?",
        "/a??b=/../c",
        "/a?q=%zz&%",
        "/a?q=<>\"{}|^`",
      })
  void getWhenUnsignedThenTargetArrivesByteForByte(String target) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertThat(Wire.get(gateway.port(), target).status()).isEqualTo(200);
      assertThat(upstream.last().start()).isEqualTo("GET " + target + " HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a#b", "/a?b#c", "/a b", "/a\\..\\b", "a", "*", "/a\u0001", "/a%00", "/a%"})
  void getWhenTargetIsNoneThenRefused(String target) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertThat(Wire.get(gateway.port(), target).status()).isBetween(400, 404);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/public/a, 200",
    "/public/a?x=/../script, 200",
    "/public/a?/script, 200",
    "/script, 403",
    "/script?/public/, 403",
    "/script;/public/, 403",
    "/public/../script, 403",
    "/public/%2e%2e/script, 403",
    "/public/..;/script, 403",
    "/public%2f..%2fscript, 403",
    "/public/%252e%252e/script, 403",
    "/public/a%01, 403",
    "/public/a%c0%ae, 403",
    "/public/a%u002e, 403",
    "/public/a%5Cb, 403",
    "//public/a, 403",
    "/public//a, 403",
  })
  void getWhenPolicyAppliesThenDecidedOnTheCanonicalPath(String target, int status)
      throws IOException {
    Grants.Grant grant =
        new Grants.Grant(
            List.of(Permissions.parse(List.of("GET /public/**"))), ImpersonationLimits.DEFAULT);
    ConsumerPolicy policy = new ConsumerPolicy(caller -> Optional.of(grant), person -> false);
    try (TestGateway gateway =
        TestGateway.in(upstream).authenticator(new SignedAs()).policy(policy).start()) {
      Wire.Message answer = Wire.get(gateway.port(), target, SignedAs.header("alice"));
      assertThat(answer.status()).isEqualTo(status);
      assertThat(upstream.requests()).hasSize(status == 200 ? 1 : 0);
      assertThat(gateway.events())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.problem()).isEqualTo(status == 200 ? null : "policy");
                assertThat(event.path()).isEqualTo(target.replaceAll("\\?.*", ""));
              });
    }
  }

  @Test
  void upgradeWhenOnlyReadingIsGrantedThenRefused() throws IOException {
    Grants.Grant grant =
        new Grants.Grant(
            List.of(Permissions.parse(List.of("read-only"))), ImpersonationLimits.DEFAULT);
    ConsumerPolicy policy = new ConsumerPolicy(caller -> Optional.of(grant), person -> false);
    try (TestGateway gateway =
        TestGateway.in(upstream).authenticator(new SignedAs()).policy(policy).start()) {
      Wire.Message answer =
          Wire.get(
              gateway.port(),
              "/cli/ws",
              SignedAs.header("alice"),
              "Connection: Upgrade",
              "Upgrade: websocket");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/ci, /inner/, 200",
    "/ci/, /inner/, 200",
    "/ci/a%2Fb, /inner/a%2Fb, 200",
    "/ci/a..b, /inner/a..b, 200",
    "/cix, '', 404",
    "/other, '', 404",
    "/ci/../other, '', 400",
    "/ci/%2e%2e/other, '', 400",
    "/ci/..%2fother, '', 400",
    "/ci/..;/other, '', 400",
    "/ci/%252e%252e/other, '', 400",
    "/ci/..%5cother, '', 400",
    "/ci/..%00/other, '', 400",
    "/%63i/a, '', 404",
  })
  void getWhenApplicationIsAPartOfItsHostThenCannotBeLeft(String target, String seen, int status)
      throws IOException {
    try (TestGateway gateway =
        TestGateway.in(upstream)
            .upstreamPath("/inner")
            .publicUrl("http://ci.example.com/ci")
            .start()) {
      assertThat(Wire.get(gateway.port(), target).status()).isEqualTo(status);
      if (status == 200) {
        assertThat(upstream.last().target()).isEqualTo(seen);
      } else {
        assertThat(upstream.requests()).isEmpty();
      }
    }
  }
}
