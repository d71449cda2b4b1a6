using DistTrain.Core;

namespace DistTrain.Compare.Processes;

/// <summary>The checkout this program was built from.</summary>
internal static class Checkout
{
    /// <summary>The full path of a file or folder of it.</summary>
    /// <exception cref="UserFaultException">It is nowhere above this program.</exception>
    public static string Find(string relative)
    {
        string start = AppContext.BaseDirectory;
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string path = Path.Combine(folder, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }
        throw new UserFaultException($"{relative}: not found above {start}; run ./build.sh in a checkout");
    }
}
