"""WTForms of the bespoke screens; the forms of datasets are made from their declarations."""
