using Google.Protobuf.Reflection;

namespace RxChain.Prescriptions.Parsing;

/// <summary>The fields of one message type, by number. Message types that contain themselves are not
/// supported, so the nesting of accepted bytes is that of the schema.</summary>
internal sealed class MessageTable
{
    private readonly FieldRule?[] fields;

    public MessageTable(MessageDescriptor type)
    {
        IList<FieldDescriptor> all = type.Fields.InFieldNumberOrder();
        fields = new FieldRule?[all.Max(f => (int?)f.FieldNumber) + 1 ?? 0];
        foreach (FieldDescriptor field in all)
        {
            // Members of one oneof share a bit: the second of them counts as given twice.
            int bit = all.IndexOf(field.ContainingOneof?.Fields[0] ?? field);
            fields[field.FieldNumber] = new FieldRule(field, 1UL << bit);
        }
    }

    public FieldRule? Find(ulong number) => number < (ulong)fields.Length ? fields[number] : null;
}
