import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Prints each rule that a PDF breaks under a profile, one a line; nothing when it keeps them all. */
public class Judge {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    PDFAFlavour flavour = PDFAFlavour.fromString(arguments[0]);
    var foundry = Foundries.defaultInstance();
    try (var file = new FileInputStream(arguments[1]);
        var parser = foundry.createParser(file, flavour);
        var validator = foundry.createValidator(flavour, false)) {
      var result = validator.validate(parser);
      var broken = new java.util.TreeSet<String>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) broken.add(assertion.getRuleId() + " " + assertion.getMessage());
      }
      broken.forEach(System.out::println);
      System.out.println(result.isCompliant() ? "compliant" : "not compliant");
    }
  }
}
