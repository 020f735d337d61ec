package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onbehalf.applinks.RefusedTargetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Where links may lead (case 50)")
final class AddressGuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.8.8",
        "2130706433",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]"
      })
  void checkWhenTheAddressIsNotPublicThenRefusedUnlessListedAndMarked(String host)
      throws IOException {
    URI target = URI.create("http://" + host + "/");
    AddressGuard closed = guard();
    InetAddress address = InetAddress.getAllByName(host)[0];
    AddressGuard listed = guard(address.getHostAddress());

    assertThat(refusal(closed, target, true)).contains("links.private-networks");
    assertThat(refusal(listed, target, false)).contains("--private-addresses true");
    assertThatCode(() -> listed.check(target, true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"203.0.113.7", "9.255.255.255", "172.32.0.1", "100.128.0.1", "[2001:db8::1]"})
  void checkWhenTheAddressIsPublicThenItPasses(String host) {
    assertThatCode(() -> guard().check(URI.create("https://" + host), false))
        .doesNotThrowAnyException();
  }

  @Test
  void checkWhenOneOfSeveralAddressesIsPrivateThenRefused() throws IOException {
    InetAddress[] both = {
      InetAddress.getAllByName("203.0.113.7")[0], InetAddress.getAllByName("10.0.0.1")[0]
    };
    AddressGuard guard = new AddressGuard(List.of(), false, host -> both);

    assertThat(refusal(guard, URI.create("https://jira.example.com"), true))
        .contains("private network");
  }

  @Test
  void checkWhenTheNameServiceChangesItsMindThenTheNextRequestIsRefused() throws IOException {
    InetAddress[] answer = {InetAddress.getAllByName("203.0.113.7")[0]};
    AddressGuard guard = new AddressGuard(List.of(), false, host -> answer);
    URI target = URI.create("https://jira.example.com");
    guard.check(target, false);

    answer[0] = InetAddress.getAllByName("127.0.0.1")[0];

    assertThat(refusal(guard, target, false)).contains("private network");
  }

  @Test
  void checkWhenOnlyTheProxyKnowsTheHostThenItPassesAndPrivateOnesDoNot() {
    AddressGuard guard = new AddressGuard(List.of(), true, InetAddress::getAllByName);

    assertThatCode(() -> guard.check(URI.create("https://peer.invalid"), false))
        .doesNotThrowAnyException();
    assertThat(refusal(guard, URI.create("http://169.254.169.254"), false))
        .contains("private network");
  }

  private static AddressGuard guard(String... networks) {
    return new AddressGuard(List.of(networks), false, InetAddress::getAllByName);
  }

  private static String refusal(AddressGuard guard, URI target, boolean marked) {
    return String.valueOf(
        catchThrowableOfType(RefusedTargetException.class, () -> guard.check(target, marked))
            .getMessage());
  }
}
