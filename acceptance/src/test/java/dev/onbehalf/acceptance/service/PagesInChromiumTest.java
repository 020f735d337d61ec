package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.onbehalf.acceptance.clients.ClientLibrary;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import dev.onbehalf.acceptance.peers.ChromiumBrowser;
import dev.onbehalf.acceptance.peers.ChromiumBrowser.View;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person sees, in a real browser; pictures are kept under {@code target/screenshots}. */
@Tag("debian")
@ExtendWith(Deployment.Shared.class)
class PagesInChromiumTest {
  private static final String TOKENS = "/plugins/servlet/oauth/users/access-tokens";
  private static ChromiumBrowser browser;

  private final Deployment deployment;
  private final NetOAuthClient client;

  PagesInChromiumTest(Deployment deployment) {
    this.deployment = deployment;
    this.client =
        new NetOAuthClient(deployment.settings(deployment.ci(""), Signing.RSA_SHA1, null));
  }

  @BeforeAll
  static void startBrowser() {
    browser = ChromiumBrowser.start();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
  }

  @ParameterizedTest
  @EnumSource(View.class)
  void danceWhenAllowedOutOfBandThenCodeWorksAndTokenCanBeWithdrawn(View view) {
    PersonInChromium person = new PersonInChromium(browser, view);
    Page page = person.page();
    Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);

    page.navigate(client.authorizationUrl(request).toString());
    person.picture("sign-in");
    page.getByLabel("Name").fill("carol");
    page.getByLabel("Password").fill("wrong");
    person.click("Sign in");
    assertThat(page.getByRole(AriaRole.ALERT).textContent()).isNotBlank();
    person.picture("sign-in-refused");
    person.signIn("carol", "h1 .given");

    assertThat(page.locator("h1").textContent()).contains("Issue tracker");
    assertThat(page.locator("main").textContent()).contains("carol");
    person.picture("consent");
    person.click("Allow");
    person.picture("code");
    Token token = client.accessToken(request, page.locator(".code").textContent().strip());
    assertThat(client.call("GET", deployment.ci("/me/api/json"), token).body())
        .contains("\"carol\"");

    page.navigate(deployment.ci(TOKENS).toString());
    person.picture("tokens");
    person.click("Withdraw Issue tracker");
    person.picture("tokens-withdrawn");
    assertThat(client.call("GET", deployment.ci("/me/api/json"), token).status()).isEqualTo(401);

    page.navigate(deployment.ci("/-/onbehalf/nothing-here").toString());
    person.picture("error");
    page.navigate(deployment.ci("/-/onbehalf/").toString());
    person.picture("home");
    person.click("Sign out");
    person.picture("signed-out");
    person.assertNoComplaints();
  }

  @Test
  void danceWhenDeniedThenNoTokenIsGivenAndCodeCannotBeHad() {
    PersonInChromium person = new PersonInChromium(browser, View.DESKTOP);
    Page page = person.page();
    Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);
    page.navigate(client.authorizationUrl(request).toString());
    person.signIn("bob", "h1 .given");

    person.click("Deny");
    person.picture("denied");

    assertThat(page.locator("h1").textContent()).isEqualTo("Access refused");
    page.navigate(client.authorizationUrl(request).toString());
    assertThat(page.getByRole(AriaRole.BUTTON, PersonInChromium.named("Allow")).count()).isZero();
    person.picture("request-gone");
    person.assertNoComplaints();
  }

  @Test
  void danceWhenCallbackIsGivenThenAllowLeadsThereWithVerifier() {
    PersonInChromium person = new PersonInChromium(browser, View.DESKTOP);
    Page page = person.page();
    List<String> visited = new ArrayList<>();
    page.route(
        "http://127.0.0.1:9/**",
        route -> {
          visited.add(route.request().url());
          route.abort();
        });
    Token request = client.requestToken("http://127.0.0.1:9/callback");
    page.navigate(client.authorizationUrl(request).toString());
    person.signIn("bob", "h1 .given");

    page.getByRole(AriaRole.BUTTON, PersonInChromium.named("Allow")).click();
    page.waitForCondition(() -> !visited.isEmpty());

    assertThat(visited.get(0))
        .startsWith("http://127.0.0.1:9/callback?")
        .contains("oauth_token=" + request.value())
        .contains("oauth_verifier=");
  }

  @Test
  void signInWhenKeyboardOnlyThenPersonGetsThroughConsent() {
    PersonInChromium person = new PersonInChromium(browser, View.DESKTOP);
    Page page = person.page();
    Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);
    page.navigate(client.authorizationUrl(request).toString());

    page.waitForSelector("#name:focus");
    page.keyboard().type("bob");
    page.keyboard().press("Tab");
    page.keyboard().type(OnbehalfProcess.passwordOf("bob"));
    page.keyboard().press("Enter");
    page.waitForSelector("h1 .given");
    for (int i = 0; i < 20 && !page.locator("button[value=allow]:focus").isVisible(); i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");

    page.waitForSelector(".code");
    person.assertNoComplaints();
  }
}
