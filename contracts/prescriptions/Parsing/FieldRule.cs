using Google.Protobuf.Reflection;

namespace RxChain.Prescriptions.Parsing;

/// <summary>What the scanner knows about one field.</summary>
internal sealed class FieldRule
{
    public const uint Varint = 0;
    public const uint LengthDelimited = 2;

    public FieldRule(FieldDescriptor field, ulong bit)
    {
        Name = field.Name;
        Bit = field.IsRepeated ? 0 : bit;
        IsText = field.FieldType == FieldType.String;
        Message = field.FieldType == FieldType.Message ? new MessageTable(field.MessageType) : null;
        (WireType, Max) = field.FieldType switch
        {
            FieldType.Message or FieldType.Bytes or FieldType.String => (LengthDelimited, 0UL),
            FieldType.UInt32 when !field.IsRepeated => (Varint, uint.MaxValue),
            FieldType.Int64 when !field.IsRepeated => (Varint, ulong.MaxValue),
            FieldType.Bool when !field.IsRepeated => (Varint, 1UL),
            FieldType.Enum when !field.IsRepeated => (Varint, LargestOf(field.EnumType)),
            _ => throw new NotSupportedException($"{field.FullName}: the strict grammar has no such fields"),
        };
    }

    public string Name { get; }

    /// <summary>Marks a singular field as seen; 0 for a repeated one.</summary>
    public ulong Bit { get; }

    public uint WireType { get; }

    /// <summary>Largest value of a varint.</summary>
    public ulong Max { get; }

    /// <summary>True for a string: UTF-8.</summary>
    public bool IsText { get; }

    /// <summary>Set for a field that is itself a message.</summary>
    public MessageTable? Message { get; }

    private static ulong LargestOf(EnumDescriptor type)
    {
        int largest = type.Values.Max(v => v.Number);
        return type.Values.Count == largest + 1
            ? (ulong)largest
            : throw new NotSupportedException($"{type.FullName}: the values of an enum in events have no gaps");
    }
}
