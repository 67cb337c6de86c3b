using System.Text;
using Google.Protobuf;
using RxChain.Prescriptions.Events;

namespace RxChain.Interop;

/// <summary>A Dispense and what opens its commitments.</summary>
/// <param name="Dispense">Goes on the ledger.</param>
/// <param name="Document">Opens <c>content_commitment</c>.</param>
/// <param name="Products">Opens the commitment of each item, in order.</param>
public sealed record DispenseDraft(
    Dispense Dispense, CommittedContent Document, IReadOnlyList<CommittedContent> Products);

/// <summary>Makes a Dispense of a dispense record and the pharmacist's word on it.</summary>
public static class DispenseBuilder
{
    /// <summary>Substitution code of an item that differs from what was prescribed, for whatever reason.</summary>
    public const uint Substituted = 1;

    /// <summary>Builds the event.</summary>
    /// <param name="dispense">What was supplied.</param>
    /// <param name="fulfilments">One for each item of the event; each dispensed product belongs to exactly one.</param>
    /// <param name="payer">Organisation that pays, or empty: the patient.</param>
    /// <param name="newSalt">Returns 32 fresh random bytes at each call.</param>
    /// <exception cref="ArgumentException">A product belongs to no fulfilment or to several.</exception>
    public static DispenseDraft Build(
        FhirDispense dispense, IReadOnlyList<Fulfilment> fulfilments, string payer, Func<byte[]> newSalt)
    {
        var places = fulfilments.SelectMany(f => f.Items).Order();
        if (!places.SequenceEqual(Enumerable.Range(0, dispense.Items.Count)) || fulfilments.Any(f => f.Items.Count == 0))
            throw new ArgumentException("Each dispensed product belongs to exactly one fulfilment.", nameof(fulfilments));
        var document = new CommittedContent(Commitment.DispenseDomain, newSalt(), dispense.Document);
        var products = fulfilments.Select(f => new CommittedContent(Commitment.ProductDomain, newSalt(), Products(dispense, f))).ToList();
        var act = new Dispense { ContentCommitment = UnsafeByteOperations.UnsafeWrap(document.Commit()), Payer = payer };
        act.Items.AddRange(fulfilments.Zip(products, (f, p) => Item(dispense, f, p)));
        return new(act, document, products);
    }

    private static DispensedItem Item(FhirDispense dispense, Fulfilment fulfilment, CommittedContent products)
    {
        var item = new DispensedItem
        {
            Line = fulfilment.Line,
            FulfilsUnits = fulfilment.Units,
            ProductCommitment = UnsafeByteOperations.UnsafeWrap(products.Commit()),
            SubstitutionCode = fulfilment.Items.Any(i => dispense.Items[i].Substituted) ? Substituted : 0,
        };
        item.Packs.AddRange(fulfilment.Packs);
        return item;
    }

    /// <summary>A JSON array of the products, also where it is one.</summary>
    private static byte[] Products(FhirDispense dispense, Fulfilment fulfilment) => Encoding.UTF8.GetBytes(
        $"[{string.Join(',', fulfilment.Items.Select(i => Encoding.UTF8.GetString(dispense.Items[i].Content.Span)))}]");
}
