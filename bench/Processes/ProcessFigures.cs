using System.Globalization;

namespace RxChain.Bench.Processes;

/// <summary>What Linux says about a running process.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;

    /// <summary>Peak resident memory in MB (VmHWM); 0 when the process is gone.</summary>
    public static double PeakMegabytes(int processId)
    {
        string? line = ReadLines(processId, "status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>CPU seconds used so far, user and system; 0 when the process is gone.</summary>
    public static double CpuSeconds(int processId)
    {
        // Fields 14 and 15 of proc(5); field 2, the name, ends with the last ')'.
        if (ReadLines(processId, "stat").FirstOrDefault() is not { } line)
            return 0;
        string[] fields = line.Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static string[] ReadLines(int processId, string name)
    {
        try
        {
            return File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{name}"));
        }
        catch (IOException)
        {
            return [];
        }
    }
}
