namespace RxChain.Interop.Reading;

/// <summary>When a MedicationRequest may be claimed, and which repeat of an order it is.</summary>
/// <remarks>In Germany a prescription is good until the end of the 28th day after its day of issue. A repeat
/// (KBV_EX_ERP_Multiple_Prescription) has its own period, without an end 365 days from its issue. Elsewhere
/// <c>dispenseRequest.validityPeriod</c> says it.</remarks>
internal sealed class WindowReading(FhirOptions options)
{
    private const string MultiplePrescription = "https://fhir.kbv.de/StructureDefinition/KBV_EX_ERP_Multiple_Prescription";
    private const uint MaxRepeats = 64;

    public (FhirWindow Window, FhirRepeat? Repeat) Read(FhirNode request, FhirTime authored)
    {
        CheckRefills(request["dispenseRequest"]);
        var order = Extension(request, MultiplePrescription);
        var validity = request["dispenseRequest"]["validityPeriod"];
        if (!IsRepeat(order)) return (Window(validity, authored, options.ValidDays), null);
        if (validity.Exists) validity.Fail("is given beside the period of a repeat");
        var period = Extension(order, "Zeitraum", required: true).Required("valuePeriod");
        period.Required("start");
        return (Window(period, authored, options.RepeatValidDays), Repeat(order));
    }

    /// <summary>R4 dispenseRequest can ask for refills; the ledger has a prescription of its own for each.</summary>
    private static void CheckRefills(FhirNode dispense)
    {
        var refills = dispense["numberOfRepeatsAllowed"];
        if (refills.Exists && refills.Json.GetRawText() != "0") refills.Fail("is not 0: each repeat is a prescription of its own");
        if (dispense["initialFill"].Exists) dispense["initialFill"].Fail("is not understood");
    }

    private static bool IsRepeat(FhirNode order)
    {
        if (!order.Exists) return false;
        var flag = Extension(order, "Kennzeichen", required: true).Required("valueBoolean").Boolean();
        if (flag == true) return true;
        foreach (var name in (ReadOnlySpan<string>)["Nummerierung", "Zeitraum", "ID"])
        {
            var detail = Extension(order, name);
            if (detail.Exists) detail.Fail("is given, but Kennzeichen says that this is no repeat");
        }

        return false;
    }

    private static FhirRepeat Repeat(FhirNode order)
    {
        var ratio = Extension(order, "Nummerierung", required: true).Required("valueRatio");
        var of = ratio.Required("denominator").Required("value").PositiveInteger(MaxRepeats);
        var number = ratio.Required("numerator").Required("value").PositiveInteger(Math.Max(of, 1));
        if (of == 1) ratio["denominator"]["value"].Fail("1 is not a number of repeats");
        var id = Extension(order, "ID", required: true).Required("valueIdentifier").Required("value");
        return new(GroupId(id), number, of);
    }

    private static Guid GroupId(FhirNode id)
    {
        const string Urn = "urn:uuid:";
        var text = id.Text();
        if (text.StartsWith(Urn, StringComparison.Ordinal)) text = text[Urn.Length..];
        if (!Guid.TryParseExact(text, "D", out var uuid) && id.Exists) id.Fail($"{JsonPath.Quote(text)} is not a UUID");
        return uuid;
    }

    /// <summary>From the start of the first day to the end of the last, in local time.</summary>
    private FhirWindow Window(FhirNode period, FhirTime authored, int validDays)
    {
        var start = period["start"].Time(options.TimeZone);
        var end = period["end"].Time(options.TimeZone);
        var notBefore = start?.FromMs ?? FhirTimeText.MidnightMs(authored.Day, options.TimeZone);
        var notAfter = end?.ToMs ?? FhirTimeText.MidnightMs(authored.Day.AddDays(validDays + 1), options.TimeZone);
        if (notAfter <= notBefore) period.Fail("ends before it starts");
        return new(notBefore, notAfter);
    }

    private static FhirNode Extension(FhirNode element, string url, bool required = false)
    {
        var extensions = element["extension"];
        FhirNode found = default;
        foreach (var extension in extensions.Items())
        {
            if (extension.Required("url").Text() != url) continue;
            if (found.Exists) extension.Fail($"{url} is given twice");
            found = extension;
        }

        if (found.Exists) return found;
        if (required) extensions.Fail($"lacks {url}");
        return extensions with { Json = default };
    }
}
