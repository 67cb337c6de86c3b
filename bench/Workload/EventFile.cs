namespace RxChain.Bench.Workload;

/// <summary>One message of a bulk stream.</summary>
/// <param name="WaitFor">Message of the same stream that must be answered before this one is sent; -1 for none.</param>
/// <param name="Envelopes">At most 64, at most 64 KiB.</param>
internal sealed record BulkMessage(int WaitFor, IReadOnlyList<byte[]> Envelopes);

/// <summary>The messages of one stream in a file: each <c>wait-for i32 | count i32 | (length i32 | envelope)*</c>.</summary>
internal static class EventFile
{
    public static void Write(string path, IEnumerable<BulkMessage> messages)
    {
        using var writer = new BinaryWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16));
        foreach (var message in messages)
        {
            writer.Write(message.WaitFor);
            writer.Write(message.Envelopes.Count);
            foreach (byte[] envelope in message.Envelopes)
            {
                writer.Write(envelope.Length);
                writer.Write(envelope);
            }
        }
    }

    public static List<BulkMessage> Read(string path)
    {
        using var reader = new BinaryReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));
        var messages = new List<BulkMessage>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            int waitFor = reader.ReadInt32();
            byte[][] envelopes = new byte[reader.ReadInt32()][];
            for (int i = 0; i < envelopes.Length; i++)
                envelopes[i] = reader.ReadBytes(reader.ReadInt32());
            messages.Add(new BulkMessage(waitFor, envelopes));
        }
        return messages;
    }
}
