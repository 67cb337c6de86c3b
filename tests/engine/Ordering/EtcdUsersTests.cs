using RxChain.Engine.Ports;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ordering.Etcd;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>What etcd itself refuses a member, over mutual TLS, with the users that <c>deploy/etcd-users.sh</c> makes.</summary>
public sealed class EtcdUsersTests(SecureEtcd etcd) : IClassFixture<SecureEtcd>
{
    private static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task Member_WritesItsOwnKeyAndReadsAll_NothingElse()
    {
        string prefix = etcd.NewNetwork(), other = etcd.NewNetwork();
        string own = prefix + FixedNetwork.PharmacyA, foreign = prefix + FixedNetwork.Hospital;
        await using var order = new EtcdOrdering(etcd.Options(prefix, FixedNetwork.PharmacyA));
        await order.SubmitAsync(new byte[] { 7 }, Soon);
        Assert.Equal(7, (await order.ReadAsync(0, Soon).FirstAsync(Soon)).Bytes.Span[0]);
        Assert.Empty(order.Problems);

        string[][] forbidden =
        [
            ["put", foreign, "x"], ["put", prefix + "squatted", "x"], ["put", "/elsewhere", "x"],
            ["del", foreign, own], ["del", prefix, "--prefix"], ["del", foreign], ["get", "/", "--prefix"],
            ["user", "add", "mallory", "--no-password"], ["role", "grant-permission", FixedNetwork.PharmacyA, "readwrite", "/", "--prefix"],
            ["auth", "disable"], ["member", "remove", "1"], ["snapshot", "save", Path.Combine(Path.GetTempPath(), "never")],
        ];
        Assert.All(forbidden, arguments => Assert.Contains("permission denied", etcd.RefusalTo(FixedNetwork.PharmacyA, arguments), StringComparison.Ordinal));
        etcd.As(FixedNetwork.PharmacyA, "put", other + FixedNetwork.PharmacyA, "own key in another network of the same members");
    }

    [Fact]
    public async Task Stranger_WithACertificateButNoUser_IsToldSo()
    {
        string prefix = etcd.NewNetwork();
        await using var order = new EtcdOrdering(etcd.Options(prefix, "stranger"));
        var refused = await Assert.ThrowsAsync<OrderingUnavailableException>(() => order.SubmitAsync(new byte[1], Soon));
        Assert.Contains("check its user, role and certificate", refused.Message, StringComparison.Ordinal);

        using var stop = new CancellationTokenSource();
        var reading = order.ReadAsync(0, stop.Token).ToListAsync(stop.Token).AsTask();
        while (!order.Problems.Any(p => p.Contains("permission denied", StringComparison.Ordinal)))
            await Task.Delay(10, Soon);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_DoesNotConnect()
    {
        using var others = new EtcdCertificates(FixedNetwork.Hospital);
        var options = etcd.Options(etcd.NewNetwork(), FixedNetwork.Hospital) with { PutTimeout = TimeSpan.FromSeconds(1) };
        await using var unknownToEtcd = new EtcdOrdering(options with { Certificate = others.Of(FixedNetwork.Hospital) });
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => unknownToEtcd.SubmitAsync(new byte[1], Soon));
        await using var unknownToUs = new EtcdOrdering(options with { Authorities = others.Authorities });
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => unknownToUs.SubmitAsync(new byte[1], Soon));
    }

    [Fact]
    public async Task RemovedMember_IsRefused_OthersGoOn()
    {
        string prefix = etcd.NewNetwork();
        await using var removed = new EtcdOrdering(etcd.Options(prefix, FixedNetwork.PharmacyB));
        await using var stays = new EtcdOrdering(etcd.Options(prefix, FixedNetwork.Hospital));
        await removed.SubmitAsync(new byte[] { 1 }, Soon);
        etcd.SetUsers(prefix, FixedNetwork.Hospital, "--remove", FixedNetwork.PharmacyB);

        await Assert.ThrowsAsync<OrderingUnavailableException>(() => removed.SubmitAsync(new byte[] { 2 }, Soon));
        await stays.SubmitAsync(new byte[] { 3 }, Soon);
        Assert.Equal([1, 3], (await stays.ReadAsync(0, Soon).Take(2).ToListAsync(Soon)).Select(p => (int)p.Bytes.Span[0]));

        etcd.SetUsers(prefix, FixedNetwork.Hospital, FixedNetwork.PharmacyB);
        await removed.SubmitAsync(new byte[] { 4 }, Soon);
    }
}
