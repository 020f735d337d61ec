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
import java.util.Locale;
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

  private final List<String> complaints = new ArrayList<>();
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
    Page page = page(view);
    Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);

    page.navigate(client.authorizationUrl(request).toString());
    picture(page, view, "sign-in");
    page.getByLabel("Name").fill("carol");
    page.getByLabel("Password").fill("wrong");
    click(page, "Sign in");
    assertThat(page.getByRole(AriaRole.ALERT).textContent()).isNotBlank();
    picture(page, view, "sign-in-refused");
    signIn(page, "carol");

    assertThat(page.locator("h1").textContent()).contains("Issue tracker");
    assertThat(page.locator("main").textContent()).contains("carol");
    picture(page, view, "consent");
    click(page, "Allow");
    picture(page, view, "code");
    Token token = client.accessToken(request, page.locator(".code").textContent().strip());
    assertThat(client.call("GET", deployment.ci("/me/api/json"), token).body())
        .contains("\"carol\"");

    page.navigate(deployment.ci(TOKENS).toString());
    picture(page, view, "tokens");
    click(page, "Withdraw Issue tracker");
    picture(page, view, "tokens-withdrawn");
    assertThat(client.call("GET", deployment.ci("/me/api/json"), token).status()).isEqualTo(401);

    page.navigate(deployment.ci("/-/onbehalf/nothing-here").toString());
    picture(page, view, "error");
    page.navigate(deployment.ci("/-/onbehalf/").toString());
    picture(page, view, "home");
    click(page, "Sign out");
    picture(page, view, "signed-out");
    assertNoComplaints();
  }

  @Test
  void danceWhenDeniedThenNoTokenIsGivenAndCodeCannotBeHad() {
    Page page = page(View.DESKTOP);
    Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);
    page.navigate(client.authorizationUrl(request).toString());
    signIn(page, "bob");

    click(page, "Deny");
    picture(page, View.DESKTOP, "denied");

    assertThat(page.locator("h1").textContent()).isEqualTo("Access refused");
    page.navigate(client.authorizationUrl(request).toString());
    assertThat(page.getByRole(AriaRole.BUTTON, named("Allow")).count()).isZero();
    picture(page, View.DESKTOP, "request-gone");
    assertNoComplaints();
  }

  @Test
  void danceWhenCallbackIsGivenThenAllowLeadsThereWithVerifier() {
    Page page = page(View.DESKTOP);
    List<String> visited = new ArrayList<>();
    page.route(
        "http://127.0.0.1:9/**",
        route -> {
          visited.add(route.request().url());
          route.abort();
        });
    Token request = client.requestToken("http://127.0.0.1:9/callback");
    page.navigate(client.authorizationUrl(request).toString());
    signIn(page, "bob");

    page.getByRole(AriaRole.BUTTON, named("Allow")).click();
    page.waitForCondition(() -> !visited.isEmpty());

    assertThat(visited.get(0))
        .startsWith("http://127.0.0.1:9/callback?")
        .contains("oauth_token=" + request.value())
        .contains("oauth_verifier=");
  }

  @Test
  void signInWhenKeyboardOnlyThenPersonGetsThroughConsent() {
    Page page = page(View.DESKTOP);
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
    assertNoComplaints();
  }

  private Page page(View view) {
    Page page = browser.newPage(view);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !message.text().contains("status of 4")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    return page;
  }

  private void assertNoComplaints() {
    assertThat(complaints).as("what the browser complained about").isEmpty();
  }

  private static void signIn(Page page, String person) {
    page.getByLabel("Name").fill(person);
    page.getByLabel("Password").fill(OnbehalfProcess.passwordOf(person));
    click(page, "Sign in");
    page.waitForSelector("h1 .given");
  }

  private static void click(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, named(button)).first().click();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  /** Keeps a picture, and holds that nothing of the page lies beyond its right edge. */
  private static void picture(Page page, View view, String name) {
    ChromiumBrowser.screenshot(page, name + "-" + view.name().toLowerCase(Locale.ROOT));
    Object beyond =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(beyond).as("overflow of " + page.url()).isEqualTo(0);
  }
}
