package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.onbehalf.acceptance.peers.ChromiumBrowser;
import dev.onbehalf.acceptance.peers.ChromiumBrowser.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A person with cookies of their own in a real browser, and what it complained about. */
final class PersonInChromium {
  private final View view;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  PersonInChromium(ChromiumBrowser browser, View view) {
    this.view = view;
    page = browser.newPage(view);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !message.text().contains("status of 4")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
  }

  Page page() {
    return page;
  }

  /** Fills in the form for signing in and waits for an element of the page that follows. */
  void signIn(String person, String awaited) {
    page.getByLabel("Name").fill(person);
    page.getByLabel("Password").fill(OnbehalfProcess.passwordOf(person));
    click("Sign in");
    page.waitForSelector(awaited);
  }

  void click(String button) {
    page.getByRole(AriaRole.BUTTON, named(button)).first().click();
  }

  static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  /** Keeps a picture, and holds that nothing of the page lies beyond its right edge. */
  void picture(String name) {
    ChromiumBrowser.screenshot(page, name + "-" + view.name().toLowerCase(Locale.ROOT));
    Object beyond =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(beyond).as("overflow of " + page.url()).isEqualTo(0);
  }

  void assertNoComplaints() {
    assertThat(complaints).as("what the browser complained about").isEmpty();
  }
}
