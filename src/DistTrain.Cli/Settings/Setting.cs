using System.Text;

namespace DistTrain.Cli.Settings;

/// <summary>
/// One thing that a node or a client can be told. Its flag, its environment variable and its key in a
/// settings file follow from its name: tls-ca is <c>--tls-ca</c>, DISTTRAIN_TLS_CA and <c>"tlsCa"</c>.
/// </summary>
internal abstract record Setting(string Name, string Help)
{
    public const string VariablePrefix = "DISTTRAIN_";

    /// <summary>As a user would write it; null: not set.</summary>
    public string? Default { get; init; }

    /// <summary>Never shown, and never a flag: other users of the machine see command lines.</summary>
    public bool IsSecret { get; init; }

    /// <summary>null: it can only come from the environment or a file.</summary>
    public string? Flag => IsSecret ? null : "--" + Name;

    public string Variable => VariablePrefix + Name.Replace('-', '_').ToUpperInvariant();

    public string Key
    {
        get
        {
            string[] words = Name.Split('-');
            var key = new StringBuilder(words[0]);
            foreach (string word in words[1..])
            {
                key.Append(char.ToUpperInvariant(word[0])).Append(word.AsSpan(1));
            }

            return key.ToString();
        }
    }

    public abstract string Placeholder { get; }

    /// <summary>Completes "must be …".</summary>
    public abstract string Meaning { get; }

    public abstract JsonForm Form { get; }

    public abstract bool IsPath { get; }

    /// <summary>Whether a text can be read as a value.</summary>
    public abstract bool Accepts(string text);

    /// <summary>The complaint about a text that cannot; a secret is not repeated.</summary>
    public string Refusal(string text)
        => IsSecret ? $"must be {Meaning}" : $"must be {Meaning}, not {Quoted(text)}";

    private static string Quoted(string text)
    {
        const int Longest = 40;
        string printable = string.Concat(text.Take(Longest).Select(c => char.IsControl(c) ? '?' : c));
        return $"\"{printable}{(text.Length > Longest ? "…" : "")}\"";
    }
}

/// <summary>A setting with values of type <typeparamref name="T"/>.</summary>
internal sealed record Setting<T>(string Name, SettingType<T> Type, string Help) : Setting(Name, Help)
{
    public override string Placeholder => Type.Placeholder;

    public override string Meaning => Type.Meaning;

    public override JsonForm Form => Type.Form;

    public override bool IsPath => Type.IsPath;

    public override bool Accepts(string text) => Type.Parse(text, out _);
}
