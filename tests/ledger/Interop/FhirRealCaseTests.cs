using System.Text;
using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>Awkward real cases, read by hand and compared.</summary>
public sealed class FhirRealCaseTests
{
    [FhirDataFact]
    public void TraineeWrites_AndThePhysicianAnswers()
    {
        var people = FhirCase.Read("PZN-Verordnung_7/PZN_Nr7").Prescription.Practitioners;
        Assert.Equal([FhirPractitionerRole.Responsible, FhirPractitionerRole.Author], people.Select(p => p.Role));
        Assert.Equal(["987654423", "895268385"], people.Select(p => p.Identifiers[0].Value));
    }

    [FhirDataFact]
    public void PractitionerRole_NamesTheTeam()
    {
        var person = Assert.Single(FhirCase.Read("PZN-Verordnung_1/PZN_Nr1").Prescription.Practitioners);
        Assert.Equal(new FhirIdentifier("http://fhir.de/NamingSystem/asv/teamnummer", "003456789"), person.Team);
    }

    [FhirDataFact]
    public void TwoProductsForOneUnit_AreOneFulfilment()
    {
        var dispense = FhirCase.Read("PZN-Verordnung_31/PZN_Nr31").Dispense;
        Assert.Equal([2m, null], dispense.Items.Select(i => i.Quantity?.Value));
        var fulfilment = Assert.Single(Fulfilment.Usual(dispense, remainingUnits: 1));
        Assert.Equal((0u, 1u), (fulfilment.Line, fulfilment.Units));
        Assert.Equal([0, 1], fulfilment.Items);
    }

    [FhirDataFact]
    public void ReferenceByBareId_FindsTheMedicationBesideIt()
    {
        var items = FhirCase.Read("PZN-Verordnung_Nr_17/PZN_Nr17").Dispense.Items;
        Assert.Equal(2, items.Count);
        Assert.NotEqual(items[0].Content.ToArray(), items[1].Content.ToArray());
    }

    [FhirDataFact]
    public void CombinationPack_KeepsItsContainedIngredients()
    {
        var content = Encoding.UTF8.GetString(Assert.Single(FhirCase.Read("PZN-Verordnung_33/PZN_Nr33").Dispense.Items).Content.Span);
        Assert.Contains("Abirateron acetat", content, StringComparison.Ordinal);
        Assert.Contains("Prednisolon", content, StringComparison.Ordinal);
    }

    [FhirDataFact]
    public void RepeatsOfOneOrder_ShareAGroup_WrittenWithOrWithoutUrn()
    {
        var orders = FhirData.Cases.Select(FhirCase.Read).Where(c => c.Prescription.Repeat is not null)
            .GroupBy(c => c.Prescription.Repeat!.Id).ToDictionary(g => g.Key.ToString("D")[..8], g => g.Select(c => c.Prescription.Repeat!.Number).Order());
        Assert.Equal(3, orders.Count);
        Assert.Equal([1u, 2u, 3u, 4u], orders["24e2e10d"]);
        Assert.Equal([1u, 2u, 3u, 4u], orders["f9bb62c2"]);
        Assert.Equal([1u, 2u], orders["807f02b0"]);
    }

    [FhirDataFact]
    public void DispensesThatDoNotFit_AreTheseFive()
    {
        var misfits = FhirData.Cases.Select(FhirCase.Read).Where(c => c.Fit != DispenseFit.Fits).Select(c => (c.Name, c.Fit));
        Assert.Equal(
            [
                ("PZN-Verordnung_aut_idem_1/PZN_aut_idem", DispenseFit.OtherPrescription),
                ("PZN_Mehrfachverordnung/PZN_MV2", DispenseFit.OutsideWindow),
                ("PZN_Mehrfachverordnung/PZN_MV3", DispenseFit.OutsideWindow),
                ("PZN_Mehrfachverordnung/PZN_MV4", DispenseFit.OutsideWindow),
                ("Rezeptur-Verordnung_1_Freitext/Rez_Nr1_Freitext", DispenseFit.OtherPrescription),
            ],
            misfits);
    }

    [FhirDataFact]
    public void OrganisationAndPayer_AreReadByIdentifier()
    {
        var prescription = FhirCase.Read("PZN-Verordnung_Nr_1/PZN_Nr1").Prescription;
        Assert.Equal(("MVZ", "721111100"), (prescription.Organization.Name, prescription.Organization.Identifier.Value));
        Assert.Equal(new FhirIdentifier("http://fhir.de/sid/arge-ik/iknr", "168140346"), prescription.Payer);
    }

    /// <summary>Nothing of the patient is in what is opened line by line or product by product.</summary>
    [FhirDataFact]
    public void LineAndProductContents_SayNothingOfThePatient()
    {
        Assert.NotEmpty(FhirData.Cases);
        foreach (var real in FhirData.Cases.Select(FhirCase.Read))
        {
            var contents = real.Prescription.Lines.Select(l => l.Content).Concat(real.Dispense.Items.Select(i => i.Content));
            var text = string.Concat(contents.Select(c => Encoding.UTF8.GetString(c.Span)));
            Assert.DoesNotContain("Patient/", text, StringComparison.Ordinal);
            Assert.DoesNotContain("kvid-10", text, StringComparison.Ordinal);
            Assert.DoesNotContain(real.Prescription.Id.Value, text, StringComparison.Ordinal);
        }
    }
}
