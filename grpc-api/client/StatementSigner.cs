using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using ActCase = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Client;

/// <summary>
/// Puts into an event what somebody else than its signers states in it: the patient's token, or in a Claim with a presence
/// attestation the payer. See <see cref="Statements"/>.
/// </summary>
public static class StatementSigner
{
    private const int SignatureBytes = 64;

    /// <summary>Has the statement of an event signed.</summary>
    /// <param name="e">Network, prescription, organisation and time, and the sequence that it will have, are set: most
    /// statements name them, and are worth nothing for others. It is changed in place.</param>
    /// <param name="signer">The token's key, or the payer's.</param>
    /// <param name="cancellationToken">Gives up waiting for the signer.</param>
    /// <exception cref="ArgumentException">An act that carries no statement.</exception>
    public static async Task SignAsync(Event e, EventSigner signer, CancellationToken cancellationToken = default)
    {
        Put(e, signer, new byte[SignatureBytes]);
        if (!Statements.TryRead(e, out var statement))
            throw new ArgumentException($"{e.ActCase} carries no statement.", nameof(e));
        Put(e, signer, await signer.SignAsync(Dsse.Digest(statement.PayloadType, statement.Body), cancellationToken));
    }

    /// <summary>Fills the statement's place, with a signature or with anything of its length.</summary>
    internal static void Put(Event e, EventSigner signer, byte[]? signature = null)
    {
        var key = ByteString.CopyFrom(signer.PublicKey.Span);
        var bytes = ByteString.CopyFrom(signature ?? new byte[SignatureBytes]);
        if (e.Claim?.Presence is { } presence)
            (presence.PayerKey, presence.Signature) = (key, bytes);
        else
            Put(e, new TokenAuthority { TokenKey = key, Signature = bytes });
    }

    private static void Put(Event e, TokenAuthority token)
    {
        switch (e.ActCase)
        {
            case ActCase.Claim: e.Claim.Token = token; break;
            case ActCase.Cancel: e.Cancel.Token = token; break;
            case ActCase.RecordSupply: e.RecordSupply.Token = token; break;
            case ActCase.BindToken: e.BindToken.Token = token; break;
            case ActCase.OpenDispute: e.OpenDispute.Token = token; break;
            case ActCase.WithdrawDispute: e.WithdrawDispute.Token = token; break;
            case ActCase.AddEvidence: e.AddEvidence.Token = token; break;
            case ActCase.GiveConsent: e.GiveConsent.Token = token; break;
            case ActCase.WithdrawConsent: e.WithdrawConsent.Token = token; break;
        }
    }
}
