using System.Globalization;
using Google.Protobuf.Reflection;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Format;

/// <summary>Field and value numbers of the messages, as docs/FORMAT.md lists them.</summary>
internal static class Schema
{
    public static string Events() => Messages(EventsReflection.Descriptor)
        + Enums(EventsReflection.Descriptor.EnumTypes.Where(e => e.Name != nameof(Outcome)))
        + Enums(EventsReflection.Descriptor.MessageTypes.SelectMany(m => m.EnumTypes));

    public static string State() =>
        Messages(StateReflection.Descriptor) + Enums(StateReflection.Descriptor.EnumTypes.Where(e => e.Name == nameof(PrescriptionStatus)));

    public static string Outcomes() => string.Concat(
        EventsReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(Outcome)).Values
            .Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Number,3} {v.Name["OUTCOME_".Length..]}\n")));

    private static string Messages(FileDescriptor file) => string.Concat(
        file.MessageTypes.Select(m => $"{m.Name} {{{string.Concat(m.Fields.InFieldNumberOrder().Select(f => " " + Field(f) + ","))}".TrimEnd(',') + " }\n"));

    private static string Field(FieldDescriptor field)
    {
        string type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => field.EnumType.Name,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        string oneof = field.RealContainingOneof is { } of ? " |" + of.Name : "";
        return $"{field.FieldNumber} {field.Name} {type}{(field.IsRepeated ? "*" : "")}{oneof}";
    }

    private static string Enums(IEnumerable<EnumDescriptor> types) => string.Concat(
        types.Select(t => $"enum {t.Name} {{ {string.Join(", ", t.Values.Select(v => $"{v.Number} {v.Name}"))} }}\n"));
}
