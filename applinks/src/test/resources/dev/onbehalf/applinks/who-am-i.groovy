import dev.onbehalf.applinks.CredentialsRequiredException
import dev.onbehalf.applinks.Request.MethodType
import groovy.json.JsonSlurper

def link = applicationLinkService.applicationLinks.find { it.name == linkName }
if (!link) {
    return "There is no link named ${linkName}.".toString()
}
def factory = link.actingAs(person).createAuthenticatedRequestFactory()
try {
    def answer = factory.createRequest(MethodType.GET, '/me/api/json').execute()
    def there = new JsonSlurper().parseText(answer).id
    return there == person
        ? "You are ${there} on both sides.".toString()
        : "Here you are ${person}, there ${there}.".toString()
} catch (CredentialsRequiredException e) {
    return "Allow it first: ${e.authorisationURI}".toString()
}
